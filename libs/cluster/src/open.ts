/** The handle of a running cluster: the same for one just booted and for one taken up again. */
import { containerCommander, type Engine } from '@faultline/control';
import type { History } from '@faultline/history';
import { whoHas } from './announcer.ts';
import { untilBalances } from './balancer/boot.ts';
import type { Client, Cluster, ClusterNode } from './cluster.ts';
import { sideCommander, startSideCar } from './companion.ts';
import { removeContainer } from './container.ts';
import { saveLogs } from './logs.ts';
import { virtualHostOf } from './plan-cluster.ts';
import { writeRecord, type ClusterRecord } from './record.ts';
import { removeRun } from './removal.ts';
import type { Substrate } from './site.ts';
import type { ClusterPlan, NodePlan } from './spec.ts';
import { addressIn, macOf } from './subnet.ts';

export interface OpenOptions {
  readonly engine: Engine;
  readonly history: History;
  readonly record: ClusterRecord;
  readonly folder: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tools: string;
  readonly substrate: Substrate;
  readonly network: Cluster['network'];
  /** Ids of the containers: the client's, and those of nodes and balancers. */
  readonly client: string;
  readonly machines: readonly { readonly name: string; readonly container: string; readonly side: string }[];
}

export function openCluster(options: OpenOptions): Cluster {
  const { engine, history, record, folder, substrate } = options;
  const { plan, run, subnet } = record;
  let { kept } = record;
  const virtualHost = virtualHostOf(plan, subnet);
  const machines = new Map(
    options.machines.map((ids) => [ids.name, machineHandle(engine, planned(plan, ids.name), subnet, ids)]),
  );
  const client = clientHandle(engine, options.client, addressIn(subnet, plan.clientHost));

  const cluster: Cluster = {
    plan,
    run,
    engine,
    client,
    substrate: plan.spec.substrate,
    network: options.network,
    get nodes() {
      return [...machines.values()].filter(({ role }) => role !== 'balancer');
    },
    get balancers() {
      return [...machines.values()].filter(({ role }) => role === 'balancer');
    },
    kubeconfig: record.kubeconfig ?? undefined,
    virtualAddress: virtualHost === null ? undefined : addressIn(subnet, virtualHost),
    versions: record.versions,

    async announcer(address, { signal }) {
      const macs = await whoHas(client, address, signal ? { signal } : {});
      const holders = macs.map((mac) => [...machines.values()].find((one) => one.mac === mac));
      if (macs.length > 1) {
        const who = holders.map((holder, index) => holder?.name ?? macs[index]).join(' and ');
        history.append({ type: 'note', level: 'warning', text: `${macs.length} answer for ${address}: ${who}` });
      }
      return holders[0];
    },

    async yieldAddress(name, until) {
      await substrate.yieldAddress(named(machines, name), cluster, until);
    },

    async revive(name, { signal, container }) {
      const old = named(machines, name);
      await removeContainer(engine, old.side.container);
      const site = { ...options, run, signal: signal ?? new AbortController().signal };
      const ids = { name, container: container ?? old.container };
      const side = await startSideCar(ids, site);
      const revived = machineHandle(engine, planned(plan, name), subnet, { ...ids, side: side.id });
      machines.set(name, revived);
      const until = signal ? { signal } : {};
      await (old.role === 'balancer' ? untilBalances(revived, until) : substrate.untilUp(revived, cluster, until));
      return revived;
    },

    keep() {
      kept = true;
      writeRecord(folder, { ...record, kept });
    },

    async [Symbol.asyncDispose]() {
      if (kept) return;
      await saveLogs(engine, run, folder).catch(() => {});
      await removeRun(engine, run);
    },
  };
  return cluster;
}

function named(machines: ReadonlyMap<string, ClusterNode>, name: string): ClusterNode {
  const machine = machines.get(name);
  if (!machine) throw new Error(`no node ${name}. Nodes: ${[...machines.keys()].join(', ')}`);
  return machine;
}

function planned({ nodes, balancers }: ClusterPlan, name: string): NodePlan {
  const machine = [...nodes, ...balancers].find((one) => one.name === name);
  if (!machine) throw new Error(`the plan has no node ${name}`);
  return machine;
}

function machineHandle(
  engine: Engine,
  plan: NodePlan,
  subnet: string,
  ids: { container: string; side: string },
): ClusterNode {
  const address = addressIn(subnet, plan.host);
  return {
    ...containerCommander(engine, ids.container, plan.name),
    role: plan.role,
    address,
    mac: macOf(address),
    interface: 'eth0',
    container: ids.container,
    side: sideCommander(engine, ids.side, plan.name),
  };
}

function clientHandle(engine: Engine, container: string, address: string): Client {
  return { ...containerCommander(engine, container, 'client'), address, container };
}
