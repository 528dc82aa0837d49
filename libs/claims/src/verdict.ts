/** The verdict of a claim, made of what runs saw, and of nothing else. */
import type { Claim, VerdictName } from './claim.ts';
import type { Result } from './result.ts';
import { SET_UPS } from './set-up.ts';

/** What was seen on one release. */
export interface Shown {
  readonly release: string;
  readonly check: Result | undefined;
  readonly twin: Result | undefined;
  /** Undefined: the twin did not come out the other way, or one of them is missing. */
  readonly holds: boolean | undefined;
  /** Why `holds` is undefined. */
  readonly doubt: string | undefined;
}

export interface ClaimVerdict {
  /** Undefined: none yet, and `words` say why. */
  readonly name: VerdictName | undefined;
  /** e.g. `outdated since v1.33.3+k3s1`. */
  readonly words: string;
  readonly shown: readonly Shown[];
}

const inOrder = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

export function verdictOf(claim: Claim, results: readonly Result[]): ClaimVerdict {
  if (claim.how === 'untestable') {
    return { name: 'not testable here', words: `not testable here: ${claim.reason}`, shown: [] };
  }
  if (claim.how === 'open') {
    return {
      name: undefined,
      words: `no verdict yet: its check is not written (${SET_UPS[claim.setUp].what})`,
      shown: [],
    };
  }
  const own = results.filter(({ claim: id }) => id === claim.id);
  const shown = [...new Set(own.map(({ release }) => release))]
    .toSorted(inOrder)
    .map((release) => shownOn(release, own));
  const told = controlledByReleases(shown).filter(({ holds }) => holds !== undefined);
  if (told.length === 0) {
    const doubt = shown.at(-1)?.doubt ?? `not run (${SET_UPS[claim.setUp].what})`;
    return { name: undefined, words: `no verdict yet: ${doubt}`, shown };
  }
  const { name, words } = judged(claim, told);
  return { name, words, shown };
}

function shownOn(release: string, results: readonly Result[]): Shown {
  const of = (part: 'check' | 'twin') => results.find((one) => one.release === release && one.part === part);
  const check = of('check');
  const twin = of('twin');
  const doubt = doubtOf(check, twin);
  return { release, check, twin, holds: doubt === undefined ? (check?.holds ?? undefined) : undefined, doubt };
}

/**
 * Where the twin came out the same way on one release, but the check itself came out otherwise on another one, that release
 * is the control: the question has shown that it can be answered both ways.
 */
function controlledByReleases(shown: readonly Shown[]): readonly Shown[] {
  const answers = new Set(shown.flatMap(({ check }) => (check && check.holds !== null ? [check.holds] : [])));
  if (answers.size < 2) return shown;
  return shown.map((one) => {
    const isAlike = one.check && one.twin && one.check.holds !== null && one.check.holds === one.twin.holds;
    return isAlike ? { ...one, holds: one.check?.holds ?? undefined, doubt: undefined } : one;
  });
}

function doubtOf(check: Result | undefined, twin: Result | undefined): string | undefined {
  if (!check) return 'only its twin was run';
  if (check.holds === null) return `the check could not tell: ${check.saw}`;
  if (!twin) return 'its twin was not run';
  if (twin.holds === null) return `the twin could not tell: ${twin.saw}`;
  return check.holds === twin.holds ? 'the twin came out the same way, so the check tells nothing' : undefined;
}

type Asked = Exclude<Claim, { how: 'untestable' | 'open' }>;

/** Over releases: what held on an older one and not on a newer is outdated; what came later is a limit. */
function judged(claim: Asked, told: readonly Shown[]): { name: VerdictName; words: string } {
  const holding = told.filter(({ holds }) => holds);
  if (holding.length === told.length) {
    return claim.twin.shows === 'limit'
      ? { name: 'true with a limit', words: `true with a limit: not so with ${claim.twin.is}` }
      : { name: 'true', words: 'true' };
  }
  if (holding.length === 0) {
    const since = claim.outdatedSince;
    return since === undefined
      ? { name: 'false', words: 'false' }
      : { name: 'outdated', words: `outdated since ${since}` };
  }
  const changed = told.find(({ holds }, index) => index > 0 && holds !== told[index - 1]?.holds);
  return changed?.holds
    ? { name: 'true with a limit', words: `true with a limit: from ${changed.release} on, of the releases run` }
    : { name: 'outdated', words: `outdated since ${changed?.release}, of the releases run` };
}
