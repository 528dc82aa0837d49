/** Whether a replay was the same as what was captured; from its history alone. Pure. */
import type { Verdict } from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import type { About, Ran } from '../bundle/bundle.ts';
import type { Asked } from './ask.ts';
import { isSame, type Compared } from './compare.ts';

export const REPLAY_VERSION = 1;

export interface ReplayVerdict {
  readonly version: typeof REPLAY_VERSION;
  readonly outcome: 'same' | 'differs' | 'inconclusive';
  /** One sentence: what decided it. */
  readonly reason: string;
  readonly compared: readonly Compared[];
  readonly asked: readonly Asked[];
  /** What the run came to, then and now; null where there was no fault, or it came of no run. */
  readonly ran: { readonly captured: Ran | null; readonly now: Ran | null };
}

export interface ReplayFacts {
  readonly about: About;
  /** Of the run; null: nothing was done to the cluster. */
  readonly verdict: Verdict | null;
}

export function judgeReplay(events: readonly Stamped[], { about, verdict }: ReplayFacts): ReplayVerdict {
  const compared = events
    .filter((event) => event.type === 'replay.compared')
    .map(({ what, captured, now }) => ({ what, captured, now }));
  const asked = events
    .filter((event) => event.type === 'replay.asked')
    .map(({ route, request, status, error }) => ({ route, request, status, error }));
  const ran = { captured: about.ran, now: verdict && ranOf(verdict) };
  return { version: REPLAY_VERSION, ...decided(events, about, compared, ran), compared, asked, ran };
}

/** Characters: a bundle has room for more. */
const LONGEST_REASON = 2_000;

/** What of a verdict a replay is held against. */
export function ranOf({ outcome, reason, checks }: Pick<Verdict, 'outcome' | 'reason' | 'checks'>): Ran {
  const failing = checks.filter((check) => check.outcome === 'fail').map(({ check }) => check);
  return {
    outcome,
    reason: reason.replaceAll(/\p{Cc}+/gu, ' ').slice(0, LONGEST_REASON),
    failing: [...new Set(failing)],
  };
}

type Decision = Pick<ReplayVerdict, 'outcome' | 'reason'>;

function decided(
  events: readonly Stamped[],
  about: About,
  compared: readonly Compared[],
  { captured, now }: ReplayVerdict['ran'],
): Decision {
  const end = events.find((event) => event.type === 'run.end');
  const wanted = about.seen.length;
  if (wanted > 0 && compared.length === 0) return inconclusive(end?.error ?? 'what was captured was never looked for');
  if (!now && end?.outcome !== 'completed') return inconclusive(end?.error ?? 'the history has no end');
  const differing = compared.filter((one) => !isSame(one));
  const [first] = differing;
  if (first) {
    const others = differing.length > 1 ? `, and ${differing.length - 1} more` : '';
    return differs(`${first.what}: ${first.captured}, now ${first.now ?? 'none'}${others}`);
  }
  if (captured && now) return comparedRuns(captured, now);
  if (now?.outcome === 'inconclusive') return inconclusive(now.reason);
  const how = compared.length > 0 ? `${compared.length} things are as they were captured` : 'it ran';
  return { outcome: 'same', reason: now ? `${how}; ${now.outcome}: ${now.reason}` : how };
}

function comparedRuns(captured: Ran, now: Ran): Decision {
  if (now.outcome === 'inconclusive' && captured.outcome !== 'inconclusive') return inconclusive(now.reason);
  if (now.outcome !== captured.outcome) return differs(`${captured.outcome} then, ${now.outcome} now: ${now.reason}`);
  const onlyThen = captured.failing.filter((check) => !now.failing.includes(check));
  const onlyNow = now.failing.filter((check) => !captured.failing.includes(check));
  if (onlyThen.length > 0 || onlyNow.length > 0) {
    const words = [
      ...(onlyThen.length > 0 ? [`no longer failing: ${onlyThen.join(', ')}`] : []),
      ...(onlyNow.length > 0 ? [`failing now: ${onlyNow.join(', ')}`] : []),
    ];
    return differs(`${now.outcome} as then, otherwise: ${words.join('; ')}`);
  }
  const failing = now.failing.length > 0 ? ` of the same checks: ${now.failing.join(', ')}` : '';
  return { outcome: 'same', reason: `${now.outcome} as then${failing}` };
}

const differs = (reason: string): Decision => ({ outcome: 'differs', reason });
const inconclusive = (reason: string): Decision => ({ outcome: 'inconclusive', reason });
