/** A plan becomes a running cluster, or nothing at all. */
import { release } from 'node:os';
import { done, LABEL, notYet, onAll, waitFor, type Engine } from '@faultline/control';
import { bare } from './bare/boot.ts';
import type { BootOptions, Cluster } from './cluster.ts';
import { startClient, startSideCar } from './companion.ts';
import { toolsImage } from './image/own.ts';
import { createLan } from './lan.ts';
import { saveLogs } from './logs.ts';
import { openCluster } from './open.ts';
import { writeRecord, type ClusterRecord } from './record.ts';
import { removeRun } from './removal.ts';
import { CLUSTER_LABEL, type Booted, type BootedNode, type Site, type Substrate } from './site.ts';
import type { ClusterPlan } from './spec.ts';

/** The Kubernetes client is big, and bare runs do without: it is loaded when it is needed. */
export async function substrateOf({ spec }: ClusterPlan): Promise<Substrate> {
  return spec.substrate === 'bare' ? bare : (await import('./k3s/boot.ts')).k3s;
}

/** From the last node's start to somebody who answers for the virtual address: VRRP takes up to 4 s. */
const ANNOUNCED_WITHIN = 20_000;

/**
 * Boots a cluster, and returns when every node serves and, where there is a virtual address, somebody answers for it.
 *
 * Whatever goes wrong or is aborted midway, nothing is left: the removal of everything with the run's label is deferred
 * before the first thing is made.
 * @throws ImageMissingError, SubnetBusyError, DeadlineError; the signal's reason on abort.
 */
export async function boot(plan: ClusterPlan, options: BootOptions): Promise<Cluster> {
  const { engine, history, run, folder } = options;
  const substrate = await substrateOf(plan);
  const labels = { ...options.labels, [CLUSTER_LABEL.folder]: folder, [CLUSTER_LABEL.substrate]: plan.spec.substrate };
  await using undo = new AsyncDisposableStack();
  undo.defer(async () => {
    await saveLogs(engine, run, folder).catch(() => {});
    await removeRun(engine, run);
  });

  const lan = await createLan(engine, {
    run,
    labels,
    subnet: plan.subnet,
    start: placeOf(run),
    signal: options.signal,
  });
  history.append({ type: 'stage', name: 'lan', detail: lan.subnet });
  const site: Site = { ...options, labels, lan, tools: toolsImage() };
  const { booted, client, sides } = await raise(plan, site, substrate).catch((error: unknown) => {
    // Aborted, each part says so in its own words; the caller's are the right ones.
    options.signal.throwIfAborted();
    throw error;
  });

  const record: ClusterRecord = {
    version: 1,
    run,
    plan,
    subnet: lan.subnet,
    kubeconfig: booted.kubeconfig ?? null,
    versions: { ...(await hostVersions(engine)), ...booted.versions },
    kept: options.labels[LABEL.kept] === 'true',
  };
  const nodes = booted.nodes.map((node, index) => ({ ...node, side: sides[index] ?? '' }));
  const cluster = openCluster({
    ...site,
    record,
    substrate,
    client,
    nodes,
    network: { id: lan.id, name: lan.name, subnet: lan.subnet },
  });
  await announced(cluster, options);
  writeRecord(folder, record);
  undo.move();
  return cluster;
}

/** Nodes, and beside them the client; then the side-cars, which need running nodes. */
async function raise(
  plan: ClusterPlan,
  site: Site,
  substrate: Substrate,
): Promise<{ booted: Booted; client: string; sides: readonly string[] }> {
  const [booted, client] = await both(substrate.boot(plan, site), startClient(plan.clientHost, site));
  const sides = await onAll(booted.nodes, async (node: BootedNode) => (await startSideCar(node, site)).id);
  return { booted, client: client.id, sides };
}

/** Waits for both also where one fails: what is still being made while everything is removed would be left behind. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

async function announced(cluster: Cluster, { history, signal }: BootOptions): Promise<void> {
  const { virtualAddress } = cluster;
  if (!virtualAddress) return;
  const node = await waitFor(
    `an answer for the virtual address ${virtualAddress}`,
    async (until) => {
      const holder = await cluster.announcer(virtualAddress, { signal: until });
      return holder ? done(holder.name) : notYet('nobody answers');
    },
    { signal, withinMs: ANNOUNCED_WITHIN },
  );
  history.append({ type: 'stage', name: 'address-announced', node, detail: virtualAddress });
}

async function hostVersions(engine: Engine): Promise<Record<string, string>> {
  const { Version } = await engine.version();
  return { engine: Version, kernel: release() };
}

/** Where the search for a free subnet begins: another place for another run, so that parallel runs seldom collide. */
function placeOf(run: string): number {
  let sum = 0;
  for (const character of run) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 512;
  return sum;
}
