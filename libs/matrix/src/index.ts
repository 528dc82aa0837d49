export * from './conduct.ts';
export * from './night-folder.ts';
export { handIn, NightHistoryError, readNights, WHOLE, type Shard } from './night/nights.ts';
export { mergeNights } from './merge.ts';
export { nightJunit } from './junit.ts';
export { classOf, crashedResult, judgedResult, skippedResult, type Circumstances } from './row-result.ts';
export { nightSummary } from './summary.ts';
export * from './tell.ts';
export { nightReport, NIGHTS_SHOWN, type NightOptions } from './night/tonight.ts';
