/** What the supervisor does next: a pure function of what it knows. */
import type { Nanoseconds } from '@faultline/history';
import { MILLISECOND } from '@faultline/history';
import type { Intent } from '../ledger/entry.ts';

/** The harness says that it lives four times a second; silence of this length is taken for death. */
export const BEAT_MS = 250;
export const LEASE_MS = 2_000;

export interface Knowledge {
  readonly now: Nanoseconds;
  readonly lastBeat: Nanoseconds;
  /** Its end of our standard input was closed: by the kernel, if nobody else did. */
  readonly closed: boolean;
  /** It said that it healed everything itself. */
  readonly bye: boolean;
  readonly inForce: readonly Intent[];
}

export interface Decision {
  /** In the order in which to do it: what came last goes first. */
  readonly undo: readonly Intent[];
  /** Whether nothing is left to watch over once that is done. */
  readonly leave: boolean;
  readonly why: string;
}

export function decide({ now, lastBeat, closed, bye, inForce }: Knowledge): Decision {
  const reversed = inForce.toReversed();
  if (bye && inForce.length === 0)
    return { undo: [], leave: true, why: 'the harness healed everything and said goodbye' };
  if (closed) return { undo: reversed, leave: true, why: 'the harness is gone' };
  const silence = (now - lastBeat) / MILLISECOND;
  if (silence > LEASE_MS)
    return { undo: reversed, leave: true, why: `the harness has been silent for ${Math.round(silence)} ms` };
  const late = reversed.filter(({ expires }) => now > expires);
  return { undo: late, leave: false, why: late.length > 0 ? 'its time to live is over' : 'the harness lives' };
}
