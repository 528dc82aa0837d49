/** Clusters that are there: listed, and taken up again by another process. */
import { LABEL, type Engine } from '@faultline/control';
import type { History, Substrate as SubstrateName } from '@faultline/history';
import { substrateOf } from './boot.ts';
import type { Cluster } from './cluster.ts';
import { startSideCar } from './companion.ts';
import { removeContainer } from './container.ts';
import { toolsImage } from './image/own.ts';
import { ourObjects, type OurObject } from './objects.ts';
import { openCluster } from './open.ts';
import { readRecord } from './record.ts';
import { keptRuns } from './removal.ts';
import { CLUSTER_LABEL, type ContainerRole } from './site.ts';

export interface FoundCluster {
  readonly run: string;
  readonly substrate: SubstrateName;
  /** Folder of the run: kubeconfig, record. */
  readonly folder: string;
  readonly kept: boolean;
  /** Epoch milliseconds after which anyone may remove it. */
  readonly expires: number;
  /** Nodes, and the balancers in front of them. */
  readonly nodes: readonly { readonly name: string; readonly state: string }[];
  /** Path of its kubeconfig; undefined on bare, and while it still boots. */
  readonly kubeconfig: string | undefined;
}

/** Every cluster of ours in the engine, whoever made it. */
export async function listClusters(engine: Engine): Promise<readonly FoundCluster[]> {
  const objects = await ourObjects(engine);
  const kept = keptRuns(objects);
  const runs = Map.groupBy(objects.filter(isMachine), ({ run }) => run);
  return [...runs].map(([run, nodes]) => {
    const labels = nodes[0]?.labels ?? {};
    const folder = labels[CLUSTER_LABEL.folder] ?? '';
    return {
      run,
      folder,
      substrate: labels[CLUSTER_LABEL.substrate] === 'k3s' ? 'k3s' : 'bare',
      kept: kept.has(run),
      expires: Number(labels[LABEL.expires] ?? Infinity),
      nodes: nodes
        .map((node) => ({ name: nameOf(node), state: node.state }))
        .toSorted((a, b) => a.name.localeCompare(b.name)),
      kubeconfig: readRecord(folder)?.kubeconfig ?? undefined,
    };
  });
}

export class NoSuchClusterError extends Error {
  override readonly name = 'NoSuchClusterError';
}

/**
 * The handle of a kept cluster. Disposing it leaves the cluster running: `removeRun` is what takes it down.
 * @throws NoSuchClusterError naming those that there are.
 */
export async function attach(
  engine: Engine,
  run: string,
  options: { history: History; signal: AbortSignal },
): Promise<Cluster> {
  const objects = await ourObjects(engine, run);
  const labels = objects.find(isMachine)?.labels ?? {};
  const folder = labels[CLUSTER_LABEL.folder] ?? '';
  const record = readRecord(folder);
  const client = objects.find((one) => roleOf(one) === 'client');
  const network = objects.find(({ kind }) => kind === 'network');
  if (!record || !client || !network) throw await noSuch(engine, run);
  const common = { engine, labels: runLabels(labels), tools: toolsImage(), history: options.history };
  const machines = await Promise.all(
    objects.filter(isMachine).map(async (machine) => {
      const ids = { name: nameOf(machine), container: machine.id };
      return { ...ids, side: await sideCarOf(ids, objects, { ...common, run, signal: options.signal }) };
    }),
  );
  const order = [...record.plan.nodes, ...record.plan.balancers].map(({ name }) => name);
  return openCluster({
    ...common,
    folder,
    record: { ...record, kept: true },
    substrate: await substrateOf(record.plan),
    network: { id: network.id, name: network.name, subnet: record.subnet },
    client: client.id,
    machines: machines.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
  });
}

/** The running one; another where it died with its node. A dead node has none to give. */
async function sideCarOf(
  node: { name: string; container: string },
  objects: readonly OurObject[],
  site: Parameters<typeof startSideCar>[1],
): Promise<string> {
  const old = objects.find((one) => roleOf(one) === 'side-car' && nameOf(one) === node.name);
  const nodeRuns = objects.find(({ id }) => id === node.container)?.state !== 'exited';
  if (old && (old.state !== 'exited' || !nodeRuns)) return old.id;
  if (old) await removeContainer(site.engine, old.id);
  return nodeRuns ? (await startSideCar(node, site)).id : '';
}

async function noSuch(engine: Engine, run: string): Promise<NoSuchClusterError> {
  const there = (await listClusters(engine)).map((cluster) => cluster.run);
  const known = there.length > 0 ? `There: ${there.join(', ')}` : 'There is none. Next: faultline up';
  return new NoSuchClusterError(`no kept cluster "${run}". ${known}`);
}

/** The labels of the run, without what makes one of its containers special. */
function runLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== LABEL.role && key !== LABEL.node));
}

const roleOf = ({ labels }: OurObject): ContainerRole | undefined => labels[LABEL.role] as ContainerRole | undefined;
const nameOf = ({ labels }: OurObject): string => labels[LABEL.node] ?? '';
const isMachine = (one: OurObject): boolean => {
  const role = roleOf(one);
  return one.kind === 'container' && (role === 'node' || role === 'balancer');
};
