/** Asks an incident and its control: by the commands that the page names, or on a cluster of its own. */
import { join } from 'node:path';
import { host, type Engine, type Output } from '@faultline/control';
import { CLAIMS, type ClusterClaim } from '@faultline/claims';
import { readHistory, systemClock } from '@faultline/history';
import { commandOf, SIDES, trackResult, type Incident, type Side, type TrackResult } from '@faultline/incident/plan';
import { signIn } from '@faultline/incident';
import { askSetUp } from '../claims-on-cluster.ts';
import { ROOT } from '../workspace.ts';

/** The longest is a dead node's pod that is waited for: 7 minutes, with boot and tear-down. */
const LONGEST_MS = 1_800_000;
const FAULTLINE = join(ROOT, 'libs/cli/bin/faultline.js');

export interface AskOptions {
  readonly docker: Engine;
  readonly signal: AbortSignal;
  /** Keeps each answer when it is there: what was seen stays seen. */
  readonly keep: (result: TrackResult) => Promise<void>;
  readonly commit: string | null;
  /** Runs a command of ours and returns what it printed; the real one unless told. */
  readonly faultline?: typeof faultline;
}

export async function askIncident(incident: Incident, options: AskOptions): Promise<void> {
  if (incident.asked.by === 'claim') return askClaim(incident, options);
  for (const side of SIDES) {
    options.signal.throwIfAborted();
    await options.keep(resultOf(incident, side, await askSide(incident, side, options), options.commit));
  }
}

/** What went wrong is an answer too: it could not be told, and why. */
async function askSide(
  incident: Incident,
  side: Side,
  { signal, faultline: run = faultline }: AskOptions,
): Promise<Told> {
  try {
    const { stdout, stderr } = await run(commandOf(incident, side), signal);
    return stdout.trim() === '' ? untold(stderr) : await toldBy(incident, JSON.parse(stdout) as Printed);
  } catch (error) {
    signal.throwIfAborted();
    return untold(error instanceof Error ? error.message : String(error));
  }
}

function faultline(words: readonly string[], signal: AbortSignal): Promise<Pick<Output, 'stdout' | 'stderr'>> {
  const argv = [process.execPath, FAULTLINE, ...words, '--json'];
  return host.exec(argv, { signal, timeoutMs: LONGEST_MS, accept: 'any', env: { CI: 'true' } });
}

/** What `run --json` and `upgrade --json` print, as far as it is read here. */
interface Printed {
  readonly folder: string;
  readonly outcome: string;
  readonly reason: string;
}

interface Told {
  readonly shown: boolean | null;
  readonly saw: string;
  readonly run: string;
}

async function toldBy({ asked }: Incident, { folder, outcome, reason }: Printed): Promise<Told> {
  const run = folder.split('/').slice(-3).join('/');
  if (asked.by === 'upgrade') {
    const saw = `${outcome}: ${reason}`;
    return { shown: outcome === 'inconclusive' ? null : outcome === asked.sign, saw, run };
  }
  if (asked.by !== 'scenario') throw new Error(`a claim is not asked by a command: ${asked.claim}`);
  return { ...signIn(await readHistory(join(folder, 'history.ndjson')), asked.sign), run };
}

/** No verdict was printed: the last line says why. */
const untold = (stderr: string): Told => ({ shown: null, saw: stderr.trim().split('\n').at(-1) ?? '', run: 'none' });

const resultOf = (incident: Incident, side: Side, told: Told, commit: string | null): TrackResult =>
  trackResult(incident, side, { ...told, at: systemClock.wall(), commit });

/** Check and twin are asked of one cluster, one after the other. */
async function askClaim(incident: Incident, { docker, signal, keep, commit }: AskOptions): Promise<void> {
  const { asked } = incident;
  if (asked.by !== 'claim') return;
  // The rig is big, and only who asks needs it.
  const { QUESTIONS } = await import('./question/index.ts');
  const own = QUESTIONS[asked.claim];
  const claim = own?.claim ?? claimOf(asked.claim);
  const batch = { setUp: claim.setUp, release: asked.k3s, claims: [claim], images: own?.images ?? [] };
  await askSetUp(batch, docker, signal, async (results) => {
    for (const { part, holds, saw, run } of results)
      await keep(resultOf(incident, part === 'check' ? 'here' : 'control', { shown: holds, saw, run }, commit));
  });
}

/** @throws Error where the ledger has no such claim that is asked of a cluster. */
export function claimOf(id: string): ClusterClaim {
  const found = CLAIMS.find((claim) => claim.id === id);
  if (found?.how !== 'cluster') throw new Error(`no claim ${id} that is asked of a cluster`);
  return found;
}
