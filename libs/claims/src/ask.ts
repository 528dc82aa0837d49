/** Asks claims, and writes down what was seen. A question that throws has no answer; the next one is asked all the same. */
import type { Cluster } from '@faultline/cluster';
import { onAll } from '@faultline/control';
import { MILLISECOND, systemClock, type Clock } from '@faultline/history';
import type { Claim, ClusterClaim, MeasuredClaim, MeasuredRun, Part, Seen } from './claim.ts';
import type { Kept, KeptVerdict } from './kept.ts';
import type { Result } from './result.ts';
import { withRig } from './rig-on.ts';
import { SET_UPS, type SetUpName } from './set-up.ts';

/** No question of the ledger takes longer; one that does is stuck. The truth table is the longest. */
const LONGEST_MS = 1_200_000;

/** Nobody else in these clusters has it, nor the few hundred after it. */
const FIRST_PORT = 12_000;

const PARTS: readonly Part[] = ['check', 'twin'];

/** Those that need no cluster: pure ones, and those that a kept run has already measured. */
export async function askWithoutCluster(
  claims: readonly Claim[],
  kept: readonly Kept[],
  clock: Clock = systemClock,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const claim of claims) {
    for (const part of PARTS) {
      if (claim.how === 'pure') {
        const about = { claim, part, setUp: claim.setUp, release: 'any', run: 'pure' } as const;
        results.push(await told(about, () => claim.ask(part), clock));
      }
      if (claim.how === 'measured') results.push(...(await askKept(claim, part, kept, clock)));
    }
  }
  return results;
}

async function askKept(
  claim: MeasuredClaim,
  part: Part,
  kept: readonly Kept[],
  clock: Clock,
): Promise<readonly Result[]> {
  const fitting = kept.filter(({ verdict }) => fits(claim.runs[part], verdict));
  const byRelease = new Map(fitting.map((one) => [one.verdict.versions['k3s'] ?? 'bare', one]));
  return await Promise.all(
    [...byRelease].map(([release, { folder, verdict }]) =>
      told({ claim, part, setUp: 'measured', release, run: folder }, () => claim.ask(verdict), clock),
    ),
  );
}

function fits({ scenario, cell }: MeasuredRun, verdict: KeptVerdict): boolean {
  const factors: Readonly<Record<string, string>> = { controller: 'default', ...verdict.cell };
  return verdict.scenario === scenario && Object.entries(cell).every(([name, value]) => factors[name] === value);
}

export interface AskOptions {
  readonly app: string;
  readonly release: string;
  readonly setUp: SetUpName;
  readonly run: string;
  readonly signal: AbortSignal;
  /** Keeps each answer when it is there: what was seen stays seen, whatever comes then. */
  readonly keep: (result: Result) => Promise<void>;
  readonly clock?: Clock;
}

interface Question {
  readonly claim: ClusterClaim;
  readonly part: Part;
  readonly port: number;
}

/**
 * The parts of these claims that this set-up answers: those that do not mind side by side, then each of the others alone.
 * Says how many they were.
 */
export async function askOnCluster(
  claims: readonly ClusterClaim[],
  cluster: Cluster,
  options: AskOptions,
): Promise<number> {
  const { setUp, signal, keep } = options;
  const questions = claims
    .flatMap((claim) => PARTS.map((part) => ({ claim, part })))
    .filter(({ claim, part }) => (part === 'check' ? claim.setUp : claim.twin.setUp) === setUp)
    .map((question, index) => ({ ...question, port: FIRST_PORT + index }));
  const waiting = questions.filter(({ claim }) => !claim.alone);
  // Kept one after the other: the file is read, changed and written.
  let kept = Promise.resolve();
  const answer = async (question: Question) => {
    signal.throwIfAborted();
    const result = await asked(question, cluster, options);
    // A question that was interrupted was not asked.
    signal.throwIfAborted();
    kept = kept.then(() => keep(result));
    await kept;
  };
  const askNext = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await answer(next);
  };
  const lanes = Array.from({ length: SET_UPS[setUp].together ?? 1 }, (_, index) => ({ name: `lane ${index + 1}` }));
  await onAll(lanes, askNext);
  for (const question of questions.filter(({ claim }) => claim.alone)) await answer(question);
  return questions.length;
}

async function asked({ claim, part, port }: Question, cluster: Cluster, options: AskOptions): Promise<Result> {
  const { app, release, setUp, run, signal, clock = systemClock } = options;
  const until = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  const made = { app, release, namespace: `${claim.id.toLowerCase()}-${part}`, port, signal: until };
  const ask = () => withRig(cluster, made, (rig) => claim.ask(part, rig));
  return await told({ claim, part, setUp, release, run }, ask, clock);
}

type Circumstances = Pick<Result, 'part' | 'setUp' | 'release' | 'run'> & { readonly claim: Claim };

async function told(about: Circumstances, ask: () => Seen | Promise<Seen>, clock: Clock): Promise<Result> {
  const begin = clock.now();
  const { holds, saw } = await Promise.try(ask).catch((error: unknown) => ({ holds: null, saw: said(error) }));
  const ms = Math.round((clock.now() - begin) / MILLISECOND);
  return { version: 1, ...about, claim: about.claim.id, holds, saw, ms, at: clock.wall() };
}

/** A command that failed says in its second line what it printed. */
const said = (error: unknown): string => {
  if (error instanceof SuppressedError) return `${said(error.suppressed)}; and undoing it: ${said(error.error)}`;
  const lines = (error instanceof Error ? error.message : String(error))
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.slice(0, 2).join(': ') || 'an error without words';
};
