/** Two runs on one host, one of them killed at a random instant: the other must not notice. */
import { judge, type ProbeMeasure } from '@faultline/checker';
import { elapse } from '@faultline/control';
import { readHistory } from '@faultline/history';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunPlan } from '@faultline/scenario/plan';
import { $ } from 'zx';
import { FAULTLINE, startHarness } from './harness.ts';

const quietly = $({ nothrow: true, quiet: true });
const RUN_MS = 300_000;

export interface Beside {
  readonly round: number;
  /** Since both were started. */
  readonly killedAfterMs: number;
  /** Of the other, as its history is judged. */
  readonly outcome: string;
  readonly reason: string;
  /** Samples that it lost from its own fault on, and of how many, over all probes. Before that it still warms up. */
  readonly lost: number;
  readonly sent: number;
}

/** A block that breaks nothing: what it loses, somebody else took. */
const WORDS = ['run', 'block-vxlan', '--substrate', 'bare', '--backend', 'host-gw', '--json'];

export async function killBeside(round: number, killAfterMs: number, signal: AbortSignal): Promise<Beside> {
  const other = startHarness([...WORDS, '--seed', String(round)]);
  const victim = startHarness([
    'run',
    'block-vxlan',
    '--substrate',
    'bare',
    '--backend',
    'vxlan',
    '--seed',
    String(round),
  ]);
  await Promise.race([elapse(killAfterMs, signal), victim.ended]);
  await victim.kill();
  // As somebody would at once: it must see whose is whose.
  await quietly`${process.execPath} ${FAULTLINE} doctor --heal`;
  await Promise.race([other.ended, elapse(RUN_MS, signal)]);
  if (!other.hasEnded()) await other.kill();
  const { outcome, reason, probes } = await verdictOf(other.said);
  const windows = probes.flatMap((probe) => probe.windows).filter(({ window }) => window !== 'before');
  const sum = (key: 'lost' | 'sent') => windows.reduce((total, window) => total + window[key], 0);
  return { round, killedAfterMs: killAfterMs, outcome, reason, lost: sum('lost'), sent: sum('sent') };
}

interface Seen {
  readonly outcome: string;
  readonly reason: string;
  readonly probes: readonly ProbeMeasure[];
}

/** Its answer names the folder: what it holds is judged here. */
async function verdictOf(said: readonly string[]): Promise<Seen> {
  const folder = said.map((line) => /^\s*"folder": "(.+)",?$/.exec(line)?.[1]).find(Boolean);
  if (folder === undefined) return { outcome: 'inconclusive', reason: said.at(-1) ?? 'it said nothing', probes: [] };
  const [plan, events] = await Promise.all([
    readFile(join(folder, 'plan.json'), 'utf8').then((text) => JSON.parse(text) as RunPlan),
    readHistory(join(folder, 'history.ndjson')),
  ]);
  return judge(events, plan.expectations);
}
