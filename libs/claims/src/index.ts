export * from './ask.ts';
export * from './claim.ts';
export type { Kept, KeptVerdict } from './kept.ts';
export { CLAIMS, TOPICS, type Topic } from './ledger/index.ts';
export { claimsPage } from './page.ts';
export * from './result.ts';
export * from './results-file.ts';
export { BOOTED, SET_UPS, type SetUpName } from './set-up.ts';
export { verdictOf, type ClaimVerdict } from './verdict.ts';
