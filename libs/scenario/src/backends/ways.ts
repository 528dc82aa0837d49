/** From where to where each path leads, on a cluster that is up. */
import type { BenchPath } from '@faultline/checker';
import type { Cluster, ClusterNode } from '@faultline/cluster';
import { done, notYet, waitFor, type Commander } from '@faultline/control';
import type { PathEnd } from '@faultline/probe';
import type { Vantage } from '@faultline/probe/plan';
import type { Endpoint, Entry, Workload } from '@faultline/workload';
import { NAME, NAMESPACE } from '@faultline/workload/plan';

const PODS_WITHIN_MS = 60_000;

/** Where requests are sent from, and where to. */
export interface Asked {
  readonly commander: Commander;
  readonly vantage: Vantage;
  readonly address: string;
  readonly port: number;
  readonly to: string;
}

/** The two ends of a TCP connection of our own. */
export interface Carried {
  readonly from: PathEnd;
  readonly to: PathEnd & { readonly address: string };
}

export interface Way {
  readonly asked?: Asked;
  readonly carried?: Carried;
}

export interface Ways {
  readonly ways: Readonly<Partial<Record<BenchPath, Way>>>;
  /** Where the roles lie that make a path what it is. */
  readonly placement: Readonly<Record<string, string>>;
}

/** @throws Error naming what the cluster lacks. */
export async function findWays(cluster: Cluster, workload: Workload, signal: AbortSignal): Promise<Ways> {
  const [here, there] = bothNodes(cluster);
  const [{ source, neighbour, remote }, entries, controllers] = await Promise.all([
    findPods(workload, [here, there], signal),
    workload.entries({ signal }),
    workload.ingressNodes({ signal }),
  ]);
  const entry = entries.find(({ node }) => node === undefined || node === there.name);
  if (!entry) throw new Error(`clients have no address: neither a virtual one nor that of ${there.name}`);
  const inPod = (pod: Endpoint, node: ClusterNode): PathEnd & { address: string } => ({
    commander: node.side,
    netns: netnsOf(pod),
    address: pod.address,
  });
  const fromPod = (address: string, port: number, to: string): Asked => ({
    commander: here.side,
    vantage: { name: source.pod, netns: netnsOf(source) },
    address,
    port,
    to,
  });
  const { service, ingress } = await serviceAddresses(cluster, here, signal);
  return {
    ways: {
      'pod-same-node': {
        asked: fromPod(neighbour.address, neighbour.port, neighbour.pod),
        carried: { from: inPod(source, here), to: inPod(neighbour, here) },
      },
      'pod-across': {
        asked: fromPod(remote.address, remote.port, remote.pod),
        carried: { from: inPod(source, here), to: inPod(remote, there) },
      },
      ...(service !== undefined && { service: { asked: fromPod(service, 80, 'the Service') } }),
      ingress: { asked: fromPod(ingress, 80, 'the Ingress') },
      'load-balancer': { asked: fromClient(cluster, entry) },
      node: { carried: { from: { commander: here.side }, to: { commander: there.side, address: there.address } } },
    },
    placement: await placed(cluster, entry, controllers, signal),
  };
}

interface Pods {
  readonly source: Endpoint;
  readonly neighbour: Endpoint;
  readonly remote: Endpoint;
}

/** A node that is slow to say what it runs counts as one that runs nothing, and is asked again. */
function findPods(
  workload: Workload,
  [here, there]: readonly [ClusterNode, ClusterNode],
  signal: AbortSignal,
): Promise<Pods> {
  return waitFor(
    `two pods on ${here.name} and one on ${there.name}`,
    async (until) => {
      const endpoints = await workload.endpoints({ signal: until });
      const [source, neighbour] = endpoints.filter(({ node }) => node === here.name);
      const remote = endpoints.find(({ node }) => node === there.name);
      if (source && neighbour && remote) return done({ source, neighbour, remote });
      return notYet(endpoints.map(({ pod, node }) => `${pod} on ${node}`).join(', ') || 'none');
    },
    { signal, withinMs: PODS_WITHIN_MS, everyMs: 500 },
  );
}

function bothNodes({ nodes }: Cluster): readonly [ClusterNode, ClusterNode] {
  const [server, agent] = [nodes.find(({ role }) => role === 'server'), nodes.find(({ role }) => role === 'agent')];
  if (!server || !agent) throw new Error('a server and an agent are needed: paths lead from the one to the other');
  return [server, agent];
}

/** As the side-car sees it, which is in the node's PID namespace. */
const netnsOf = ({ netns }: Endpoint): string => `/proc/1/root${netns}`;

function fromClient({ client }: Cluster, { address, port, node }: Entry): Asked {
  return { commander: client, vantage: { name: 'client' }, address, port, to: node ?? 'virtual address' };
}

async function placed(
  cluster: Cluster,
  entry: Entry,
  controllers: readonly string[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const announcer = entry.node ?? (await cluster.announcer(entry.address, { signal }))?.name ?? 'nobody';
  return { ingress: controllers.toSorted().join(' and '), announcer };
}

/** Of the app's Service and of the Ingress controller's, inside the cluster. On bare each node is its own Ingress. */
async function serviceAddresses(
  { substrate }: Cluster,
  server: ClusterNode,
  signal: AbortSignal,
): Promise<{ readonly service?: string; readonly ingress: string }> {
  if (substrate === 'bare') return { ingress: server.address };
  const clusterIp = async (namespace: string, name: string): Promise<string> => {
    const words = ['get', 'service', name, '--namespace', namespace, '--output', 'jsonpath={.spec.clusterIP}'];
    return (await server.exec(['kubectl', ...words], { signal })).stdout.trim();
  };
  const [service, ingress] = await Promise.all([clusterIp(NAMESPACE, NAME), clusterIp('kube-system', 'traefik')]);
  return { service, ingress };
}
