/** What is pure of this lib: the bundle's format, and what is made of it. */
export * from './bundle/bundle.ts';
export { aboutOf, bundleOf, filesOf, scenarioOf, type Files } from './bundle/files.ts';
export { BundleError } from './bundle/refused.ts';
export { bundleOfCluster, collect, type CaptureOptions, type Collected, type Disturbance } from './collect/collect.ts';
export { bundleOfReplay, bundleOfRun, type OfRun } from './bundle/of-run.ts';
export { isSame, type Compared } from './replay/compare.ts';
export { judgeReplay, ranOf, REPLAY_VERSION, type ReplayFacts, type ReplayVerdict } from './replay/judge-replay.ts';
export { cellOf, disturbanceOf, disturbed, planReplay, type ReplayOptions } from './replay/plan-replay.ts';
export { SecretFoundError } from './secret/scan.ts';
export * from './track-record/plan.ts';
export * from './shrink/plan.ts';
