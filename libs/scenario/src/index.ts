export * from './edge.ts';
export { phase } from './phase.ts';
export * from './run.ts';
export type { RunOptions, Stage } from './stage.ts';
export { SteadyGate } from './steady.ts';
export { runBench, type BenchRunOptions, type BenchSite } from './backends/bench.ts';
export { Sweeper } from './sweeper.ts';
