/** What is pure of this lib: cases, the plan of an upgrade, and what its history comes to. */
export * from './assertion.ts';
export * from './plan-upgrade.ts';
export { predict } from './predict.ts';
export { compareRouters, type RawData, type RouterDifference } from './routers.ts';
export { seven } from './seven.ts';
export * from './verdict.ts';
export { ownCases, type Own } from './own/own.ts';
