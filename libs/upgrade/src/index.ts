export { upgrade, type UpgradeOptions } from './run.ts';
