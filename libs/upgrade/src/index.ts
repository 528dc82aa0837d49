export * from './corpus/index.ts';
export { judgeUpgrade } from './judge.ts';
export { asRun, type UpgradeReport } from './as-run.ts';
export { renderUpgradeHtml } from './page.ts';
export { renderUpgradeSummary } from './summary.ts';
export { upgrade, type UpgradeOptions } from './run.ts';
export { renderUpgradesSummary, upgradesHeadline, upgradesOf, type Upgrades } from './repeats.ts';
