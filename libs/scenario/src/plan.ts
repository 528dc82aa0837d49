export * from './duration.ts';
export * from './expand.ts';
export * from './plan-run.ts';
export * from './scenario.ts';
export * from './schedule.ts';
export * from './seed.ts';
export * from './upgrade-plan.ts';
export { planBench, type BenchOptions, type BenchPlan, type TurnPlan } from './backends/plan-bench.ts';
