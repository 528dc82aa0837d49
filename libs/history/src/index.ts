export * from './clock.ts';
export * from './event.ts';
export * from './history.ts';
export * from './read.ts';
