export * from './corpus/index.ts';
export { judgeUpgrade } from './judge.ts';
export { renderUpgradeHtml, renderUpgradeSummary, asRun, type UpgradeReport } from './page.ts';
export { upgrade, type UpgradeOptions } from './run.ts';
export { renderUpgradesSummary, upgradesHeadline, upgradesOf, type Upgrades } from './repeats.ts';
