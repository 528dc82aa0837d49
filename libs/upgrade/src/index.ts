export { renderUpgradeHtml, renderUpgradeSummary, asRun, type UpgradeReport } from './page.ts';
export { upgrade, type UpgradeOptions } from './run.ts';
