/**
 * SIGKILL at random instants, and what is left. Everything is drawn from the seed.
 *
 * `npm run torture -- --kills 300 [--substrate bare|k3s] [--whole 0.05] [--only kind ...]`: kills harnesses that break a cluster
 * which stands, and some whole runs; measures when traffic is back, and compares the data plane of every machine.
 * `--good 100`: injects, proves and heals as planned; what is not taken for good is a false alarm.
 * `--beside 20`: two runs at once, one of them killed; the other must pass. What it lost besides is printed, and no reason: two
 * runs share the host's processors, and with nobody killed they lose more (seen on two cores).
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Cluster } from '@faultline/cluster';
import type { Substrate } from '@faultline/history';
import { below, seeded } from '@faultline/scenario/plan';
import { killBeside } from './torture/beside.ts';
import { kindsFor, openCluster, whoUndoes } from './torture/bench.ts';
import { drawKill, type Pool } from './torture/draw.ts';
import { plant } from './torture/foreign.ts';
import { GOOD_KINDS, injectWell } from './torture/good.ts';
import { ROOT } from './torture/harness.ts';
import { killInjecting, RefusedError } from './torture/inject-kill.ts';
import { killRunning } from './torture/run-kill.ts';
import { isLeak, promises, table, type Result } from './torture/tally.ts';

const { values } = parseArgs({
  options: {
    substrate: { type: 'string', default: 'bare' },
    kills: { type: 'string' },
    good: { type: 'string' },
    beside: { type: 'string' },
    seed: { type: 'string', default: '1' },
    whole: { type: 'string', default: '0.05' },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const root = new AbortController();
const { signal } = root;
// Once: the cluster goes, and what was planted. Twice: at once, and `faultline down --all` is left to do.
process.once('SIGINT', () => root.abort(new Error('interrupted')));
const random = seeded(Number(values.seed));
const substrate: Substrate = values.substrate === 'k3s' ? 'k3s' : 'bare';
const FOLDER = join(ROOT, 'runs/torture');
// Ledgers of its own: what others left on this host is none of its findings.
process.env['FAULTLINE_STATE'] = join(FOLDER, 'state');

async function write(name: string, result: object): Promise<void> {
  const line = JSON.stringify(result);
  console.log(line);
  await appendFile(join(FOLDER, `${name}-${substrate}.ndjson`), `${line}\n`);
}

async function poolOf(cluster: Cluster, only: readonly string[]): Promise<Pool> {
  const { possible, skipped } = await kindsFor(cluster, only, signal);
  if (skipped.length > 0) console.error(`skipped, with what they lack: ${skipped.join('; ')}`);
  const names = (machines: Cluster['nodes']) => machines.map(({ name }) => name);
  // Without the only server nobody would see what becomes of the rest.
  const nodes = names(cluster.nodes).filter((name) => !name.startsWith('server'));
  return { kinds: possible, nodes, balancers: names(cluster.balancers), whole: Number(values.whole) };
}

/** A kind that is refused twice is left out, and named: it cannot be done on this cluster. */
async function kills(count: number): Promise<boolean> {
  await using cluster = await openCluster(substrate, signal);
  await using foreign = await plant(cluster.nodes);
  let pool = await poolOf(cluster, values.only);
  const refusals = new Map<string, number>();
  const results: Result[] = [];
  while (results.length < count && pool.kinds.length > 0 && !signal.aborted) {
    const kill = drawKill(results.length + 1, random, pool);
    const bench = { cluster, foreign, undoneBy: whoUndoes, signal };
    try {
      const result = await (kill.how === 'run' ? killRunning(kill, foreign, signal) : killInjecting(kill, bench));
      results.push(result);
      await write('kills', result);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const times = (refusals.get(kill.kind) ?? 0) + 1;
      refusals.set(kill.kind, times);
      console.error(`${kill.kind} on ${kill.on} was refused: ${error.message}`);
      if (times > 1) pool = { ...pool, kinds: pool.kinds.filter(({ name }) => name !== kill.kind) };
    }
  }
  console.log(`\n${table(results)}\n`);
  for (const { number, kind, left, foreignMissing } of results.filter(isLeak))
    console.log(`kill ${number} (${kind}): ${[...left, ...foreignMissing.map((what) => `gone: ${what}`)].join(' | ')}`);
  for (const { said, kept } of promises(results)) console.log(`${kept ? 'kept  ' : 'BROKEN'} ${said}`);
  return results.length >= count && promises(results).every(({ kept }) => kept);
}

async function good(count: number): Promise<boolean> {
  await using cluster = await openCluster(substrate, signal);
  const pool = await poolOf(cluster, values.only.length > 0 ? values.only : GOOD_KINDS);
  let alarms = 0;
  for (let number = 1; number <= count; number++) {
    const result = await injectWell(drawKill(number, random, pool), cluster, signal);
    if (result.outcome !== 'pass') alarms++;
    await write('good', result);
  }
  console.log(`${count} good injections: ${alarms} false alarms`);
  return alarms === 0;
}

async function beside(count: number): Promise<boolean> {
  let affected = 0;
  for (let round = 1; round <= count; round++) {
    const result = await killBeside(round, below(random, 45_000), signal);
    if (result.outcome !== 'pass') affected++;
    await write('beside', result);
  }
  console.log(`${count} kills beside another run: ${count - affected} unaffected, ${affected} not`);
  return affected === 0;
}

await mkdir(FOLDER, { recursive: true });
const act = values.good ? good : values.beside ? beside : kills;
const isGood = await act(Number(values.good ?? values.beside ?? values.kills ?? '30'));
process.exitCode = isGood ? 0 : 1;
