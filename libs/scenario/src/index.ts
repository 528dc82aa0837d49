export * from './edge.ts';
export * from './run.ts';
