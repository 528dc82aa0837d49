/** What a scenario may expect, checked word by word: a misspelt bound would else be none, and its check pass whatever came. */
import { z } from 'zod';
import type { SweepLoss } from '@faultline/checker';
import type { ReachPath } from '@faultline/history';
import type { Expected } from './scenario.ts';

const fault = z.string().optional();
const probe = z.string().min(1);
const ms = z.number().min(0).max(3_600_000);
const share = z.number().min(0).max(1);

/** A plan imports no value of history, whose clock is none of its business: the types see to it that none is missing. */
const PATHS: Readonly<Record<ReachPath, true>> = {
  'pod-pod': true,
  'pod-pod-large': true,
  'pod-service': true,
  'pod-node': true,
  'node-pod': true,
  'node-service': true,
  dns: true,
};
const LOSSES: Readonly<Record<SweepLoss, true>> = {
  none: true,
  all: true,
  'all-cross-node': true,
  'of-target': true,
  'cross-node-of-target': true,
  'to-target': true,
  'cross-node-to-target': true,
  'from-target': true,
  'cross-node-from-target': true,
  any: true,
  'any-of-target': true,
  'any-to-target': true,
};
const path = z.enum(Object.keys(PATHS) as ReachPath[]);
const pairs = z.array(z.tuple([z.string(), z.string()])).min(1);

const OUTAGE = { probe, atLeastMs: ms, atMostMs: ms };

/** A key that is not known is refused, and named. */
const demand = <C extends Expected['check'], S extends z.ZodRawShape>(check: C, shape: S) =>
  z.strictObject({ check: z.literal(check), ...shape, fault });

const DEMANDS = [
  demand('outage', OUTAGE),
  demand('failover', { probe }),
  demand('owner', { is: z.enum(['same', 'moves', 'nobody', 'two']), atLeastMs: ms.optional() }),
  demand('owners-overlap', { atMostMs: ms }),
  demand('never-recovers', { probe }),
  demand('loss-at-most', { probe, share }),
  demand('loss-share', { ...OUTAGE, share, within: share, afterMs: ms.optional() }),
  demand('reachability', { lost: z.enum(['cross-node-of-target', 'none']) }),
  demand('sweep', {
    path: z.union([path, z.array(path).min(1), z.literal('all')]),
    lost: z.union([z.enum(Object.keys(LOSSES) as SweepLoss[]), z.strictObject({ pairs })]),
  }),
  demand('nodes-ready', { butTarget: z.boolean() }),
] as const;

export const expectedSchema: z.ZodType<Expected> = z.discriminatedUnion('check', DEMANDS) as z.ZodType<Expected>;

/** Every check has its shape here: a new one that has none does not compile. */
type Missing = Exclude<Expected['check'], z.infer<(typeof DEMANDS)[number]>['check']>;
const _complete: Missing extends never ? true : Missing = true;
