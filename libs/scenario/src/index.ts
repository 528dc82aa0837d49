export * from './edge.ts';
export * from './run.ts';
export { runBench, type BenchRunOptions, type BenchSite } from './backends/bench.ts';
export { Sweeper } from './sweeper.ts';
