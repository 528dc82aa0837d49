export * from './calibrate.ts';
export * from './prober.ts';
export * from './spec.ts';
export * from './watch.ts';
