export * from './backend-comparison.ts';
export {
  backendComparisonJsonSchema,
  backendComparisonSchema,
  parseBackendComparison,
  parseTurns,
} from './backend-comparison-schema.ts';
export * from './combine.ts';
export { compareBackends, ratioOf } from './compare-backends.ts';
export { announcerKilled, endpointKilled, failedOver, overlayBlocked } from './example.ts';
export * from './expectation.ts';
export { nameOf as expectationName } from './expected.ts';
export { eventsOf } from './facts.ts';
export { isOneOutage, mainProbe } from './headline.ts';
export * from './fault-table.ts';
export { judge } from './judge.ts';
export * from './night.ts';
export { outages, RECOVERY, type Instrument } from './outage.ts';
export { judgeProof, type ProofVerdict } from './proof.ts';
export { parseVerdict, verdictJsonSchema, verdictSchema } from './schema.ts';
export { latencyQuantile, quantileInterval } from './latency.ts';
export { LATE_LIMIT_MS, leftAsFound, percent } from './standing.ts';
export { seconds, written } from './wording.ts';
export * from './set.ts';
export { parseSet, setJsonSchema, setSchema } from './set-schema.ts';
export { disorder, isInOrder } from './stage-order.ts';
export { hodgesLehmann, median, medianInterval, nearestRank, quantile, type Covered } from './statistics.ts';
export { compareSets, distribution, summarise, type SetIdentity, type SetRun } from './summarise.ts';
export * from './synthetic-address.ts';
export {
  syntheticRun,
  type SyntheticEvent,
  type SyntheticFault,
  type SyntheticOptions,
  type SyntheticProbe,
} from './synthetic-run.ts';
export { reachOf, sweepsOf, type JudgedCell, type JudgedSweep, type Reach } from './sweep.ts';
export { cutOff, swept, type SweptOptions } from './sweep-example.ts';
export * from './verdict.ts';
export { syntheticIdentity, syntheticTurns, type SyntheticBackend } from './synthetic-turns.ts';
