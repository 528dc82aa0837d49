/** Good injections, one after the other on one cluster: what of them the gates take for a bad one is a false alarm. */
import { judgeProof } from '@faultline/checker';
import { machinesOf, type Cluster, type ClusterNode } from '@faultline/cluster';
import { elapse } from '@faultline/control';
import { openSession } from '@faultline/fault';
import { planFault, restartsNode, type FaultPlan } from '@faultline/fault/plan';
import { memoryHistory } from '@faultline/history';
import type { Kill } from './draw.ts';
import { startTraffic } from './traffic.ts';

/** Those that the streams of datagrams and pings run into: of another, nobody would see that it acts. */
export const GOOD_KINDS = [
  'block-port',
  'unplug',
  'partition',
  'loss',
  'node-pause',
  'node-kill',
  'duplicate-address',
  'link-down',
  'squat-port',
] as const;

const LASTING_MS = 2_000;

export interface Good {
  readonly number: number;
  readonly kind: string;
  readonly on: string;
  readonly outcome: string;
  readonly reason: string;
}

export async function injectWell(kill: Kill, cluster: Cluster, signal: AbortSignal): Promise<Good> {
  const { number, kind, parameters, on } = kill;
  const history = memoryHistory();
  const plan: FaultPlan = planFault({
    id: `good-${number}`,
    kind,
    parameters,
    target: { select: 'named', names: [on] },
    afterMs: 0,
    lastingMs: LASTING_MS,
  });
  const node = machinesOf(cluster).find(({ name }) => name === on) as ClusterNode;
  {
    await using traffic = await startTraffic(cluster.client, node, 'side');
    await traffic.flowing();
    await using session = await openSession({ run: cluster.run, engine: cluster.engine, history, cluster, signal });
    const fault = await session.inject(plan, [node], { signal });
    await elapse(plan.lastingMs, signal);
    await fault.prove({ signal });
    await fault.heal();
  }
  if (restartsNode(plan)) await cluster.revive(on, { signal });
  const { outcome, reason } = judgeProof(history.events);
  return { number, kind, on, outcome, reason };
}
