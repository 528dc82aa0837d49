/** The effects of `@faultline/fault`: sessions that inject, prove and heal, and healing after the dead. */
export type { ActiveFault } from './active.ts';
export * from './clean.ts';
export * from './heal-dead.ts';
export type * from './kind/act.ts';
export { ACTS } from './kind/all.act.ts';
export * from './ledger/folder.ts';
export * from './session.ts';
export { openBaseline, type Baseline } from './snapshot.ts';
