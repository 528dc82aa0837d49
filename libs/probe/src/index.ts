export * from './calibrate.ts';
export * from './prober.ts';
export * from './spec.ts';
export { KINDS, type Kind } from './summary.ts';
export * from './watch.ts';
