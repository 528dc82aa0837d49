/** Who asks whom in a sweep. Pure. */
import type { ReachPath } from '@faultline/history';
import type { Vantage } from '../spec.ts';
import type { Ask } from './spec.ts';

export interface SweepNode {
  readonly name: string;
  /** On the LAN. */
  readonly address: string;
  /** The pod of it that asks, and the path of its network namespace in the node; absent: no pod runs here. */
  readonly asks?: { readonly pod: string; readonly netns: string };
  /** The pod of it that is asked; another one, where there are two. */
  readonly asked?: { readonly pod: string; readonly address: string; readonly port: number };
  /** A Service with that pod behind it, and no other, so that its answer cannot come from elsewhere. */
  readonly service?: { readonly address: string; readonly port: number };
}

export interface SweepMap {
  readonly nodes: readonly SweepNode[];
  /** Open on every node's own address. */
  readonly nodePort: number;
  /** The cluster's DNS: its Service's address, and the node that runs it. */
  readonly dns?: { readonly address: string; readonly node: string; readonly names: readonly string[] };
}

/** What one process asks, from where. */
export interface Asker {
  readonly node: string;
  readonly vantage: Vantage;
  readonly asks: readonly Ask[];
}

/** Larger than any MTU on the way (a loopback's 64 KiB is not on it), in several full segments. */
export const LARGE_BYTES = 8192;

/** Two on each node: its pod, and the node itself. Those that have nobody to ask are left out. */
export function planSweep(map: SweepMap): readonly Asker[] {
  return map.nodes.flatMap((from): Asker[] => {
    const { name, asks } = from;
    const pod = asks && { node: name, vantage: vantageOf(asks), asks: podAsks(from, map) };
    return [...(pod ? [pod] : []), { node: name, vantage: { name }, asks: nodeAsks(from, map) }].filter(
      (asker) => asker.asks.length > 0,
    );
  });
}

const vantageOf = ({ pod, netns }: NonNullable<SweepNode['asks']>): Vantage => ({
  name: pod,
  // The side-car has the node's processes, and the first of them the node's files.
  netns: `/proc/1/root${netns}`,
});

function podAsks(from: SweepNode, { nodes, nodePort, dns }: SweepMap): readonly Ask[] {
  const asks = nodes.flatMap((to): Ask[] => {
    const toNode = cell('pod-node', from, to, { kind: 'connect', address: to.address, port: nodePort });
    // A pod that asks itself says nothing about the network.
    if (to.asked?.pod === from.asks?.pod) return [toNode];
    return [
      ...whoami('pod-pod', from, to, to.asked),
      ...whoami('pod-pod-large', from, to, to.asked, LARGE_BYTES),
      ...whoami('pod-service', from, to, to.service),
      toNode,
    ];
  });
  if (!dns) return asks;
  const { address, node, names } = dns;
  return [...asks, cell('dns', from, { name: node }, { kind: 'resolve', address, names })];
}

function nodeAsks(from: SweepNode, { nodes }: SweepMap): readonly Ask[] {
  return nodes.flatMap((to) => [
    ...whoami('node-pod', from, to, to.asked),
    ...whoami('node-service', from, to, to.service),
  ]);
}

type Named = Pick<SweepNode, 'name'>;

const cell = (path: ReachPath, from: Named, to: Named, how: Ask['how']): Ask => ({
  path,
  from: from.name,
  to: to.name,
  how,
});

/** Where the node has a pod that answers there, by the pod itself or by its Service. */
function whoami(
  path: ReachPath,
  from: SweepNode,
  to: SweepNode,
  at: { readonly address: string; readonly port: number } | undefined,
  pad = 0,
): readonly Ask[] {
  if (!to.asked || !at) return [];
  const { address, port } = at;
  return [cell(path, from, to, { kind: 'whoami', address, port, pod: to.asked.pod, pad })];
}
