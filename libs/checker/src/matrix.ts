/** Who reaches whom: the pod-to-pod matrix before, during and after the fault. */
import { SECOND, type Nanoseconds } from '@faultline/history';
import type { Facts, ProbeFacts } from './facts.ts';
import type { Disturbance } from './measure.ts';
import type { MatrixPair } from './verdict.ts';

/** A fault in force has taken effect on every path within this. */
export const BITES_WITHIN: Nanoseconds = SECOND;
/** After healing it is the end that counts: paths come back one by one. */
const LAST: Nanoseconds = 3 * SECOND;

const NAME = /^pod:([^:]+):([^:]+)$/;

export function matrix({ probes, measure }: Facts, when: Disturbance): readonly MatrixPair[] {
  return probes.flatMap((probe): MatrixPair[] => {
    const [, from, to] = NAME.exec(probe.description.name) ?? [];
    if (from === undefined || to === undefined) return [];
    return [
      {
        from,
        to,
        // What was lost while the steady state came is no matter.
        before: lostShare(probe, measure?.begin ?? -Infinity, when.begin),
        during: lostShare(probe, when.inForce + BITES_WITHIN, when.healBegin),
        after: lostShare(probe, Math.max(when.healed, (probe.rows.at(-1)?.[1] ?? 0) - LAST), Infinity),
      },
    ];
  });
}

/** Lost share of the samples intended in [from, to); null: none was sent. */
export function lostShare({ rows }: ProbeFacts, from: Nanoseconds, to: Nanoseconds): number | null {
  const within = rows.filter((row) => row[1] >= from && row[1] < to && row[4] !== 'late');
  return within.length === 0 ? null : within.filter((row) => row[4] !== 'ok').length / within.length;
}
