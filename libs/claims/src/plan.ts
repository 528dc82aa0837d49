/** What is pure of this lib: the ledger and its verdicts; the NetworkPolicy specification. */
export * from './result.ts';
export { BOOTED, SET_UPS, type SetUpName } from './set-up.ts';
