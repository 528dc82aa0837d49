export { upgrade, type UpgradeOptions } from './run.ts';
export * from './corpus/index.ts';
