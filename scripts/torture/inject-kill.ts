/** One kill of a harness that breaks a cluster which stands: what became of its fault, by traffic, by ledger, by data plane. */
import { machinesOf, type Cluster, type ClusterNode } from '@faultline/cluster';
import { done, elapse, notYet, waitFor } from '@faultline/control';
import { healDead, ledgersOfTheDead, openBaseline } from '@faultline/fault';
import { restartsNode } from '@faultline/fault/plan';
import { memoryHistory, MILLISECOND, systemClock } from '@faultline/history';
import { CUTS, wordsOf, type Kill } from './draw.ts';
import type { Foreign } from './foreign.ts';
import { startHarness } from './harness.ts';
import type { Result } from './tally.ts';
import { startTraffic } from './traffic.ts';

/** Everything is undone by then, or something is left. */
const UNDONE_MS = 70_000;
const RESTORED_MS = 15_000;
/** A busy host takes its time to start a harness. */
const IN_FORCE_MS = 60_000;

export interface Bench {
  readonly cluster: Cluster;
  readonly foreign: Foreign;
  readonly undoneBy: (kind: string) => Result['undoneBy'];
  readonly signal: AbortSignal;
}

/** It could not be done here: it was refused before it broke anything. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export async function killInjecting(kill: Kill, { cluster, foreign, undoneBy, signal }: Bench): Promise<Result> {
  const node = machinesOf(cluster).find(({ name }) => name === kill.on) as ClusterNode;
  const history = memoryHistory();
  const baseline = openBaseline({ engine: cluster.engine, history, cluster });
  await baseline.take([], signal);
  let result: Omit<Result, 'left' | 'foreignMissing'>;
  {
    await using traffic = await startTraffic(cluster.client, node, cluster.substrate === 'bare' ? 'node' : 'side');
    await traffic.flowing();
    const harness = startHarness([...wordsOf(kill), '--cluster', cluster.run]);
    await untilDue(kill, harness, signal);
    const inForce = harness.said.some((line) => line.includes(' in force on '));
    const at = await harness.kill();
    const undone = await untilUndone(cluster.run);
    const undoneMs = undone === null ? null : Math.round((undone - at) / MILLISECOND);
    const span = { killed: at, undone: undone ?? at };
    const restoredMs = inForce ? await traffic.restored(CUTS[kill.kind] ?? [], span, RESTORED_MS) : null;
    const { number, how, kind, on, parameters, after, ms } = kill;
    const killedAfter = `${after} + ${ms} ms`;
    result = {
      number,
      how,
      kind,
      on,
      parameters,
      killedAfter,
      inForce,
      undoneBy: undoneBy(kind),
      restoredMs,
      undoneMs,
    };
  }
  const doctor = await healDead({ engine: cluster.engine, signal });
  const fault = { kind: kill.kind, parameters: kill.parameters };
  if (restartsNode(fault)) {
    await cluster.revive(kill.on, { signal });
    baseline.forget([node]);
  }
  await baseline.compare();
  const left = history.events.flatMap((event) =>
    event.type === 'dataplane' ? event.residue.map((line) => `${event.node}: ${line}`) : [],
  );
  const unhealed = doctor.filter(({ ok }) => !ok).flatMap(({ did }) => did);
  return { ...result, left: [...left, ...unhealed], foreignMissing: await foreign.missing() };
}

/** @throws RefusedError where it ends by itself before it broke anything. */
async function untilDue(
  { after, ms }: Kill,
  harness: ReturnType<typeof startHarness>,
  signal: AbortSignal,
): Promise<void> {
  if (after === 'in-force') {
    const isInForce = await harness.says(/ in force on /, IN_FORCE_MS);
    if (!isInForce) throw await refused(harness);
  }
  await Promise.race([elapse(ms, signal), harness.ended]);
  const endedBadly = harness.hasEnded() && (await harness.ended) !== 0;
  if (endedBadly && !harness.said.some((line) => line.includes(' in force on '))) throw await refused(harness);
}

async function refused(harness: ReturnType<typeof startHarness>): Promise<RefusedError> {
  if (!harness.hasEnded()) await harness.kill();
  return new RefusedError(
    harness.said.findLast((line) => line.startsWith('faultline')) ?? harness.said.at(-1) ?? 'it said nothing',
  );
}

/** By the ledgers of the dead: the supervisor writes into them what it undid. @returns when; null: nothing was to be undone. */
async function untilUndone(run: string): Promise<number | null> {
  let hadAny = false;
  await waitFor(
    'everything is undone',
    async () => {
      const open = (await ledgersOfTheDead())
        .flatMap((one) => (one.run === run ? one.did : []))
        .filter((line) => line.endsWith('may be in force'));
      hadAny ||= open.length > 0;
      return open.length === 0 ? done(undefined) : notYet(open.join('; '));
    },
    { withinMs: UNDONE_MS, everyMs: 10 },
  ).catch(() => {});
  return hadAny ? systemClock.now() : null;
}
