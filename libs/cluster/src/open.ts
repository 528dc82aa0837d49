/** The handle of a running cluster: the same for one just booted and for one taken up again. */
import { containerCommander, type Engine } from '@faultline/control';
import type { History } from '@faultline/history';
import { whoHas } from './announcer.ts';
import type { Client, Cluster, ClusterNode } from './cluster.ts';
import { sideCommander, startSideCar } from './companion.ts';
import { removeContainer } from './container.ts';
import { saveLogs } from './logs.ts';
import { writeRecord, type ClusterRecord } from './record.ts';
import { removeRun } from './removal.ts';
import type { Substrate } from './site.ts';
import type { NodePlan } from './spec.ts';
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
  /** Ids of the containers. */
  readonly client: string;
  readonly nodes: readonly { readonly name: string; readonly container: string; readonly side: string }[];
}

export function openCluster(options: OpenOptions): Cluster {
  const { engine, history, record, folder, substrate } = options;
  const { plan, run, subnet } = record;
  let { kept } = record;
  const nodes = new Map(
    options.nodes.map((ids) => [ids.name, nodeHandle(engine, planned(plan.nodes, ids.name), subnet, ids)]),
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
      return [...nodes.values()];
    },
    kubeconfig: record.kubeconfig ?? undefined,
    virtualAddress: plan.virtualHost === null ? undefined : addressIn(subnet, plan.virtualHost),
    versions: record.versions,

    async announcer(address, { signal }) {
      const macs = await whoHas(client, address, signal ? { signal } : {});
      const holders = [...nodes.values()].filter(({ mac }) => macs.includes(mac));
      if (macs.length > 1) {
        const who = macs.map((mac) => holders.find((node) => node.mac === mac)?.name ?? mac).join(' and ');
        history.append({ type: 'note', level: 'warning', text: `${macs.length} answer for ${address}: ${who}` });
      }
      return holders.find(({ mac }) => mac === macs[0]);
    },

    async revive(name, { signal }) {
      const old = nodes.get(name);
      if (!old) throw new Error(`no node ${name}. Nodes: ${[...nodes.keys()].join(', ')}`);
      await removeContainer(engine, old.side.container);
      const site = { ...options, run, signal: signal ?? new AbortController().signal };
      const side = await startSideCar(old, site);
      const node = { ...old, side: sideCommander(engine, side.id, name) };
      nodes.set(name, node);
      await substrate.untilUp(node, cluster, signal ? { signal } : {});
      return node;
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

function planned(nodes: readonly NodePlan[], name: string): NodePlan {
  const node = nodes.find((one) => one.name === name);
  if (!node) throw new Error(`the plan has no node ${name}`);
  return node;
}

function nodeHandle(
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
