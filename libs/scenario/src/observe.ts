/** Starts the probes that a plan watches with, each from where it looks. */
import { machinesOf, type Cluster } from '@faultline/cluster';
import { loadBalancers } from '@faultline/cluster/plan';
import { onAll } from '@faultline/control';
import type { History } from '@faultline/history';
import { KINDS, startProber, watchCluster, type Kind, type Prober } from '@faultline/probe';
import { apiProbe, EDGE_KINDS, edgeProbes, podProbe, type EdgeKind, type ProbeSpec } from '@faultline/probe/plan';
import type { Endpoint, Workload } from '@faultline/workload';
import type { Traffic } from './edge.ts';
import type { RunPlan } from './plan-run.ts';

interface ObserveOptions {
  readonly plan: RunPlan;
  readonly cluster: Cluster;
  readonly workload: Workload;
  readonly traffic: Traffic;
  readonly history: History;
  readonly signal: AbortSignal;
}

/** Everything that was started; disposing stops it and writes each probe's last record. */
export async function observe(options: ObserveOptions): Promise<AsyncDisposable> {
  const { plan, cluster, history, signal } = options;
  await using starting = new AsyncDisposableStack();
  if (cluster.kubeconfig)
    starting.use(await watchCluster(cluster.kubeconfig, { history, signal, kinds: watched(plan) }));
  starting.use(
    await startProber(cluster.client, { name: 'client' }, clientProbes(options), {
      history,
      signal,
      nodeOfMac: nodeOfMac(cluster),
    }),
  );
  if (plan.watch.includes('pods')) {
    for (const prober of await startPodProbers(options)) starting.use(prober);
  }
  return starting.move();
}

/** MetalLB says in an object of its own which node announces. */
function watched({ cluster: { spec } }: RunPlan): readonly Kind[] {
  return spec.loadBalancer === 'metallb-l2' ? [...KINDS, 'ServiceL2Status'] : KINDS;
}

function nodeOfMac(cluster: Cluster): (mac: string) => string | null {
  return (mac) => machinesOf(cluster).find((machine) => machine.mac === mac)?.name ?? null;
}

/** An address that kube-proxy alone knows is on no interface: nobody answers its ping, and that is no outage. */
function edgeKinds({ cluster: { spec } }: RunPlan): readonly EdgeKind[] {
  const answersPing = loadBalancers[spec.loadBalancer].features.includes('load-balancer.icmp');
  return EDGE_KINDS.filter((kind) => kind !== 'icmp' || answersPing);
}

function clientProbes({ plan, cluster, workload, traffic }: ObserveOptions): ProbeSpec[] {
  const { host } = plan.workload;
  const probes: ProbeSpec[] = [];
  if (plan.watch.includes('edge')) {
    probes.push(
      ...edgeProbes({
        ...traffic.edge,
        host,
        path: '/users/1',
        interface: 'eth0',
        to: traffic.edge.node ?? 'virtual address',
        kinds: edgeKinds(plan),
        ...(workload.echoPort !== undefined && { echoPort: workload.echoPort }),
      }),
    );
  }
  if (plan.watch.includes('others')) {
    traffic.others.forEach((entry, index) => {
      const [one] = edgeProbes({
        ...entry,
        host,
        path: '/users/1',
        prefix: `other-${index}`,
        kinds: ['http-new'],
        to: entry.node ?? 'virtual address',
      });
      if (one) probes.push({ ...one, rateHz: 20 });
    });
  }
  const server = cluster.nodes.find((node) => node.role === 'server');
  if (plan.watch.includes('api') && cluster.substrate === 'k3s' && server)
    probes.push(apiProbe(server.address, server.name));
  return probes;
}

/** One prober in a pod of each node, to a pod on every node; on its own node, to another pod than itself. */
async function startPodProbers({ cluster, workload, history, signal }: ObserveOptions): Promise<Prober[]> {
  const endpoints = await workload.endpoints({ signal });
  const onNode = (name: string) => endpoints.filter(({ node }) => node === name);
  return onAll(cluster.nodes, async (node) => {
    const [source] = onNode(node.name);
    if (!source) throw new Error(`no endpoint runs on ${node.name}: the pod-to-pod matrix needs two on every node`);
    const specs = cluster.nodes.map((to) => {
      const target: Endpoint | undefined = onNode(to.name).find((endpoint) => endpoint.pod !== source.pod);
      if (!target)
        throw new Error(`no other endpoint runs on ${to.name}: the pod-to-pod matrix needs two on every node`);
      return podProbe(node.name, to.name, target.address, target.port);
    });
    return startProber(node.side, { name: source.pod, netns: `/proc/1/root${source.netns}` }, specs, {
      history,
      signal,
    });
  });
}
