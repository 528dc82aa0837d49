export * from './conduct.ts';
export * from './night-folder.ts';
export { handIn, readNights, WHOLE, type Shard } from './night/nights.ts';
export { mergeNights } from './merge.ts';
