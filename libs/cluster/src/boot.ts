/** A plan becomes a running cluster, or nothing at all. */
import { release } from 'node:os';
import { done, LABEL, notYet, onAll, waitFor, type Engine } from '@faultline/control';
import type { RunEvent } from '@faultline/history';
import { bootBalancers } from './balancer/boot.ts';
import { bare } from './bare/boot.ts';
import type { BootOptions, Cluster } from './cluster.ts';
import { startClient, startSideCar } from './companion.ts';
import { toolsImage } from './image/own.ts';
import { createLan } from './lan.ts';
import { saveLogs } from './logs.ts';
import { openCluster, type OpenOptions } from './open.ts';
import { RECORD_VERSION, writeRecord, type ClusterRecord } from './record.ts';
import { removeRun } from './removal.ts';
import { CLUSTER_LABEL, type Booted, type Site, type Substrate } from './site.ts';
import type { ClusterPlan } from './spec.ts';
import { addressIn } from './subnet.ts';

/** The Kubernetes client is big, and bare runs do without: it is loaded when it is needed. */
export async function substrateOf({ spec }: ClusterPlan): Promise<Substrate> {
  return spec.substrate === 'bare' ? bare : (await import('./k3s/boot.ts')).k3s;
}

/** From the last node's start to somebody who answers for the virtual address: VRRP takes up to 4 s. */
const ANNOUNCED_WITHIN = 20_000;

/**
 * Boots a cluster, and returns when every node serves and, where machines of ours hold the virtual address, one answers
 * for it. A load balancer in the cluster announces nothing before there is a Service.
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
  const { booted, client, machines } = await raise(plan, site, substrate).catch((error: unknown) => {
    // Aborted, each part says so in its own words; the caller's are the right ones.
    options.signal.throwIfAborted();
    throw error;
  });

  const record: ClusterRecord = {
    version: RECORD_VERSION,
    run,
    plan,
    subnet: lan.subnet,
    kubeconfig: booted.kubeconfig ?? null,
    versions: { ...(await hostVersions(engine)), ...booted.versions },
    kept: options.labels[LABEL.kept] === 'true',
  };
  const cluster = openCluster({
    ...site,
    record,
    substrate,
    client,
    machines,
    network: { id: lan.id, name: lan.name, subnet: lan.subnet },
  });
  await announced(cluster, options);
  writeRecord(folder, record);
  history.append(lanOf(cluster));
  undo.move();
  return cluster;
}

/** Nodes, and beside them what is in front of them and the client; then the side-cars, which need running machines. */
async function raise(
  plan: ClusterPlan,
  site: Site,
  substrate: Substrate,
): Promise<{ booted: Booted; client: string; machines: OpenOptions['machines'] }> {
  const [nodes, balancers, client] = await all([
    substrate.boot(plan, site),
    bootBalancers(plan, site),
    startClient(plan.clientHost, site),
  ]);
  const machines = await onAll([...nodes.nodes, ...balancers.nodes], async (machine) => ({
    ...machine,
    side: (await startSideCar(machine, site)).id,
  }));
  return { booted: { ...nodes, versions: { ...nodes.versions, ...balancers.versions } }, client: client.id, machines };
}

/** Waits for all also where one fails: what is still being made while everything is removed would be left behind. */
async function all<T extends readonly Promise<unknown>[]>(
  making: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(making);
  return Promise.all(making);
}

async function announced(cluster: Cluster, { history, signal }: BootOptions): Promise<void> {
  const { virtualAddress } = cluster;
  const byMachines = cluster.substrate === 'bare' || cluster.balancers.length > 0;
  if (!virtualAddress || !byMachines) return;
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

/** Who is who on the cluster's LAN: the event that a history needs before it is read for ARP packets. */
export function lanOf({ network: { subnet }, plan, nodes, balancers, virtualAddress }: Cluster): RunEvent {
  return {
    type: 'lan',
    subnet,
    machines: [...nodes, ...balancers].map(({ name, role, address, mac }) => ({ name, role, address, mac })),
    pool: plan.pool && [addressIn(subnet, plan.pool[0]), addressIn(subnet, plan.pool[1])],
    virtualAddress: virtualAddress ?? null,
  };
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
