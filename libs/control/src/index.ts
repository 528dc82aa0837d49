export * from './all.ts';
export * from './command.ts';
export * from './container.ts';
export * from './engine.ts';
export * from './host.ts';
export * from './owner.ts';
export * from './state.ts';
export * from './wait.ts';
