/** What is pure of this lib: the bundle's format, and what is made of it. */
export * from './bundle/bundle.ts';
export { aboutOf, bundleOf, filesOf, scenarioOf, type Files } from './bundle/files.ts';
export { BundleError } from './bundle/refused.ts';
export { bundleOfCluster, collect, type CaptureOptions, type Collected, type Disturbance } from './collect/collect.ts';
export { SecretFoundError } from './secret/scan.ts';
export * from './track-record/plan.ts';
