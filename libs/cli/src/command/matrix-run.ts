/** `faultline matrix run`: a night, or a shard of it; what was killed is resumed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { engine, host, type Engine, type Running } from '@faultline/control';
import { systemClock } from '@faultline/history';
import { conductNight, createNight, readNightPlan, readShard, type Assignment } from '@faultline/matrix';
import { partOf, type Lack, type NightPlan, type Shard } from '@faultline/matrix/plan';
import { lackingFeatures } from '@faultline/cluster';
import { EXIT, UsageError } from '../exit.ts';
import { timeName } from '../folder.ts';
import { budgetOption, logFolder, nightOf, shardOption, thisHost } from '../matrix/intent.ts';
import { tellNight } from '../matrix/tell.ts';
import { ensureOwnImages } from '../own-images.ts';
import { text, type Given } from '../options.ts';
import { provenance } from '../provenance.ts';
import { ROOT, RUNS } from '../workspace.ts';

const FAULTLINE = join(ROOT, 'libs/cli/bin/faultline.js');
const UNDO_WITHIN_MS = 120_000;

export async function execute(_: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const asked = shardOption(options);
  const budgetMs = budgetOption(options);
  const resumed = text(options['resume']);
  if (resumed !== undefined && text(options['plan']) !== undefined)
    throw new UsageError('--resume has its own plan. Allowed: one of --resume and --plan');
  const folder = resolve(resumed ?? text(options['out']) ?? join(RUNS, 'matrix', timeName(systemClock.wall())));
  // Refused before the engine is asked for anything.
  const known = resumed === undefined ? await nightOf(options) : await readNightPlan(folder);
  const shard = resumed === undefined ? asked : await sameShard(folder, options);
  const docker = await engine();
  const isShared = shard.of > 1 || resumed !== undefined || text(options['plan']) !== undefined;
  const plan = isShared ? known : await onThisHost(known, options, docker, signal);
  if (resumed === undefined) await createNight(folder, plan, shard);
  console.error(`faultline: night with seed ${plan.seed}, in ${relative(process.cwd(), folder) || '.'}`);
  const { commit } = await provenance(docker, signal);
  await conductNight({
    plan,
    shard,
    budgetMs,
    folder,
    host: thisHost(),
    commit,
    start,
    undo,
    signal,
    clock: systemClock,
    tell: (line) => console.error(line),
  });
  const code = await tellNight(folder, partOf(plan, shard), options);
  return signal.aborted ? EXIT.interrupted : code;
}

/** A night goes on as the shard that it was. @throws UsageError where another one is asked for. */
async function sameShard(folder: string, options: Given): Promise<Shard> {
  const shard = await readShard(folder);
  const was = `${shard.index}/${shard.of}`;
  if (text(options['shard']) === undefined || text(options['shard']) === was) return shard;
  throw new UsageError(`--shard ${text(options['shard'])}, and ${folder} is shard ${was}. Next: leave --shard out`);
}

/**
 * Made anew for what this host lacks, so that its skips take no other row's place. Not where it is one of several machines:
 * their plan depends on none of them.
 */
async function onThisHost(plan: NightPlan, options: Given, docker: Engine, signal: AbortSignal): Promise<NightPlan> {
  const { tools } = await ensureOwnImages(docker, signal);
  const missing = await lackingFeatures(docker, plan.needs, { signal, tools });
  if (missing.length === 0) return plan;
  const lacking = missing.map(({ name, how }): Lack => ({ capability: name, reason: how }));
  return nightOf({ ...options, seed: String(plan.seed) }, lacking);
}

async function start(assignment: Assignment): Promise<Running> {
  const folder = logFolder(assignment.folder);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${assignment.name}.json`);
  await writeFile(file, `${JSON.stringify(assignment, null, 2)}\n`);
  return host.start([process.execPath, FAULTLINE, 'matrix', 'group', file]);
}

/** As after any harness that died. */
async function undo(): Promise<void> {
  const doctor = [process.execPath, FAULTLINE, 'doctor', '--heal'];
  const { stdout, exitCode } = await host.exec(doctor, { timeoutMs: UNDO_WITHIN_MS, accept: 'any' });
  console.error(stdout.trim());
  if (exitCode !== 0) console.error('faultline: what was left behind could not all be undone. Next: faultline doctor');
}
