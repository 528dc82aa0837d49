/** Which address the clients of a run use, and which nodes its fault strikes: late choices, made on the running cluster. */
import { machinesOf, type Cluster, type ClusterNode } from '@faultline/cluster';
import type { Selector } from '@faultline/fault/plan';
import type { Endpoint, Entry, Workload } from '@faultline/workload';

export interface Traffic {
  /** The address that clients use. */
  readonly edge: Entry;
  /** The Ingress' other addresses. */
  readonly others: readonly Entry[];
  readonly why: string;
}

interface Situation {
  readonly entries: readonly Entry[];
  readonly ingressNodes: readonly string[];
  /** Of every fault. */
  readonly targets: readonly Selector[];
}

/** As the history names it: `announcer()`, `agent(1)`, `named(agent-0, agent-1)`. */
export function selectorName(target: Selector): string {
  const words = 'index' in target ? [target.index] : 'names' in target ? target.names : [];
  return `${target.select}(${words.join(', ')})`;
}

/**
 * The address that clients use.
 *
 * A virtual address is the only choice. Of nodes' own addresses, the one that keeps the question apart from others: where
 * the announcer is struck, an agent that runs no Ingress controller (losing that is another, longer outage); where some
 * other node is struck, a server's.
 * @throws Error when there is no such address.
 */
export function chooseTraffic({ entries, ingressNodes, targets }: Situation): Traffic {
  const others = (edge: Entry) => entries.filter((entry) => entry !== edge);
  const virtual = entries.find((entry) => entry.node === undefined);
  if (virtual) return { edge: virtual, others: others(virtual), why: 'the virtual address' };
  const isAgent = (entry: Entry) => entry.node?.startsWith('agent') ?? false;
  const isAnnouncer = targets.some(({ select }) => select === 'announcer');
  const edge = isAnnouncer
    ? entries.find((entry) => isAgent(entry) && !ingressNodes.includes(entry.node ?? ''))
    : entries.find((entry) => !isAgent(entry));
  if (!edge) {
    const seen = entries.map((entry) => `${entry.address} (${entry.node})`).join(', ') || 'none';
    throw new Error(
      `no address suits clients when ${targets.map(selectorName).join(' and ')} is struck. Addresses: ${seen}; ` +
        `Ingress controller on ${ingressNodes.join(', ')}`,
    );
  }
  const why = isAnnouncer ? 'an agent that does not run the Ingress controller' : 'a server, which is not struck';
  return { edge, others: others(edge), why: `the address of ${edge.node}: ${why}` };
}

export interface Target {
  readonly nodes: readonly ClusterNode[];
  readonly why: string;
}

/** The nodes that a selector means now. @throws Error when it means none, saying what there is. */
export async function resolveTarget(
  selector: Selector,
  {
    cluster,
    workload,
    traffic,
    signal,
  }: { cluster: Cluster; workload: Workload; traffic: Traffic; signal: AbortSignal },
): Promise<Target> {
  switch (selector.select) {
    case 'agent':
    case 'server':
    case 'balancer': {
      const name = `${selector.select === 'balancer' ? 'lb' : selector.select}-${selector.index}`;
      return { nodes: [named(cluster, name)], why: 'named by the scenario' };
    }
    case 'nodes':
      return { nodes: cluster.nodes, why: 'every node' };
    case 'named':
      return { nodes: selector.names.map((name) => named(cluster, name)), why: 'named by the scenario' };
    case 'announcer': {
      const { edge } = traffic;
      if (edge.node) return { nodes: [named(cluster, edge.node)], why: `${edge.address} is its own address` };
      const node = await cluster.announcer(edge.address, { signal });
      if (!node) throw new Error(`nobody answers for ${edge.address}: there is no announcer to strike`);
      return { nodes: [node], why: `it answered the who-has for ${edge.address}` };
    }
    case 'bystander': {
      const holder = await cluster.announcer(traffic.edge.address, { signal });
      const able = cluster.balancers.length > 0 ? cluster.balancers : cluster.nodes.toReversed();
      const node = able.find(({ name }) => name !== holder?.name);
      if (!node) throw new Error(`${holder?.name ?? 'nobody'} is the only machine: there is no bystander`);
      return { nodes: [node], why: `${holder?.name ?? 'nobody'} answers for ${traffic.edge.address}, it does not` };
    }
    case 'ingress': {
      const names = await workload.ingressNodes({ signal });
      // A server is spared: without the API nobody would ever notice that the node is gone.
      const name = names.toSorted().find((one) => !one.startsWith('server'));
      if (!name) throw new Error(`no agent runs the Ingress controller; it runs on ${names.join(', ') || 'no node'}`);
      return {
        nodes: [named(cluster, name)],
        why: `runs the Ingress controller, as ${names.toSorted().join(', ')} do`,
      };
    }
    case 'endpoint': {
      const [endpoints, ingressNodes] = await Promise.all([
        workload.endpoints({ signal }),
        workload.ingressNodes({ signal }),
      ]);
      const node = endpointNode(endpoints, [...ingressNodes, traffic.edge.node ?? '']);
      return {
        nodes: [named(cluster, node)],
        why: 'runs an endpoint, but neither the Ingress controller nor the address in use',
      };
    }
  }
}

function endpointNode(endpoints: readonly Endpoint[], spared: readonly string[]): string {
  // A server is spared as well: without the API nobody would ever notice that the node is gone.
  const candidate = endpoints
    .map(({ node }) => node)
    .toSorted()
    .find((node) => !spared.includes(node) && node.startsWith('agent'));
  if (candidate) return candidate;
  const where = endpoints.map(({ node }) => node).join(', ');
  throw new Error(
    `no agent runs an endpoint and nothing else of the path. Endpoints on ${where}; spared: ${spared.join(', ')}`,
  );
}

function named(cluster: Cluster, name: string): ClusterNode {
  const machines = machinesOf(cluster);
  const machine = machines.find((one) => one.name === name);
  if (!machine) throw new Error(`no node ${name}. There: ${machines.map((one) => one.name).join(', ')}`);
  return machine;
}
