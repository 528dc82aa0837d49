/** ServiceLB: which addresses a Service gets, who may use them, and who waits. */
import { clusterClaim, measuredClaim, seen, type Claim } from '../claim.ts';
import type { KeptVerdict } from '../kept.ts';
import type { Rig } from '../rig.ts';
import { addressesOf, balanced, ingress, nodeAddresses, settledAddresses, whoAmI } from './objects.ts';
import { podObject } from '../rig-pod.ts';

const onePod = { selector: { app: 'lone' } };

/** A Service in front of one pod on agent-0. */
async function besideOnePod(rig: Rig, policy: string): Promise<readonly string[]> {
  await rig.pods('lone', ['agent-0']);
  const namespaced = { namespace: rig.namespace };
  await rig.apply(balanced(rig.name, rig.port, { ...onePod, externalTrafficPolicy: policy }, namespaced));
  const wanted = policy === 'Local' ? 1 : rig.cluster.nodes.length;
  const ask = () => addressesOf(rig, rig.name, rig.namespace);
  return await rig.until('addresses', 25_000, ask, ({ length }) => length === wanted).catch(ask);
}

export const serviceLbAddresses: readonly Claim[] = [
  clusterClaim({
    id: 'A27',
    sentence: 'A second Service of type LoadBalancer on a taken port stays pending, and the first goes on.',
    stands: ['S1', 'How ServiceLB works'],
    predicted: ['true', 'the pods of its DaemonSet find no free hostPort'],
    setUp: 'default',
    alone: true,
    here: { is: 'port 80, which Traefik has', of: 80 },
    twin: { is: 'a port that nobody has', shows: 'control', of: 0 },
    ask: async (rig: Rig, given: number) => {
      await rig.apply(balanced(rig.name, given || rig.port));
      const addresses = await settledAddresses(rig, rig.name, ({ length }) => length > 0, 20_000);
      const { status } = await rig.asked(`http://${rig.server.address}/`);
      const saw = `after 20 s: ${addresses.join(', ') || 'no address'}; Traefik answers ${status} meanwhile`;
      return seen(addresses.length === 0 && status === '404', saw);
    },
  }),
  clusterClaim({
    id: 'A28',
    sentence: 'Several Services can share a node as long as their ports differ.',
    stands: ['S1', 'How ServiceLB works'],
    predicted: ['true', 'each has a hostPort of its own'],
    setUp: 'default',
    alone: true,
    here: { is: 'a Service on a port of its own beside Traefik’s on 80', of: 0 },
    twin: { is: 'one on port 443, which Traefik has as well', shows: 'control', of: 443 },
    ask: async (rig: Rig, given: number) => {
      await rig.apply(balanced(rig.name, given || rig.port));
      const addresses = await settledAddresses(rig, rig.name, ({ length }) => length === rig.cluster.nodes.length);
      return seen(addresses.join() === nodeAddresses(rig).join(), addresses.join(', ') || 'no address');
    },
  }),
  clusterClaim({
    id: 'A29',
    sentence: 'While Traefik is served by ServiceLB, no other pod can have 80 or 443 as its hostPort.',
    stands: ['S1', 'Traefik Ingress Controller'],
    predicted: ['true', 'the scheduler finds the port taken on every node'],
    setUp: 'default',
    here: { is: 'a pod with hostPort 80', of: 80 },
    twin: { is: 'a pod with a hostPort of its own', shows: 'control', of: 0 },
    ask: async (rig: Rig, given: number) => {
      const hostPort = given || rig.port;
      const pod = podObject({ name: rig.name, node: 'agent-0', image: rig.app, labels: {}, hostPort });
      await rig.apply(pod);
      const ask = async () => {
        const path = 'jsonpath={.status.phase} {.status.conditions[?(@.type=="PodScheduled")].message}';
        return await rig.kubectl('get', 'pod', pod.metadata.name, '--namespace', rig.namespace, '--output', path);
      };
      const said = await rig.until(
        'a word',
        20_000,
        ask,
        (text) => text.startsWith('Running') || text.includes('free ports'),
      );
      return seen(said.startsWith('Pending'), said);
    },
  }),
  clusterClaim({
    id: 'A30',
    sentence: 'With externalTrafficPolicy Local, a pod behind a Service sees the client’s own address.',
    stands: ['S0', 'HelmChartConfig'],
    predicted: ['true', 'kube-proxy does not masquerade then'],
    setUp: 'default',
    here: { is: 'Local', of: 'Local' },
    twin: { is: 'Cluster', shows: 'control', of: 'Cluster' },
    ask: async (rig: Rig, policy: string) => {
      await besideOnePod(rig, policy);
      const url = `http://${rig.node('agent-0').address}:${rig.port}/whoami`;
      const answer = await rig.until(
        'an answer',
        10_000,
        () => rig.asked(url),
        ({ status }) => status === '200',
      );
      const { remoteAddress } = whoAmI(answer);
      const client = rig.cluster.client.address;
      return seen(remoteAddress === client, `the pod saw ${remoteAddress}; the client is ${client}`);
    },
  }),
  clusterClaim({
    id: 'A31',
    sentence: 'A Service lists the addresses of all nodes that run a pod of ServiceLB.',
    stands: ['S1', 'How ServiceLB works'],
    predicted: ['true with a limit', 'with Local only nodes with a ready endpoint are listed'],
    setUp: 'default',
    here: { is: 'one pod, externalTrafficPolicy Cluster', of: 'Cluster' },
    twin: { is: 'externalTrafficPolicy Local', shows: 'limit', of: 'Local' },
    ask: async (rig: Rig, policy: string) => {
      const addresses = await besideOnePod(rig, policy);
      return seen(addresses.length === rig.cluster.nodes.length, addresses.join(', ') || 'no address');
    },
  }),
  clusterClaim({
    id: 'A33',
    sentence: 'The EXTERNAL-IP of Traefik’s Service and the ADDRESS of an Ingress are all nodes’ addresses.',
    stands: ['S4', '5) Ingress'],
    predicted: ['true', 'Traefik copies the status of its Service'],
    setUp: 'default',
    here: { is: 'an Ingress of class traefik', of: 'traefik' },
    twin: { is: 'an Ingress of a class that nobody serves', shows: 'control', of: 'nobody' },
    ask: async (rig: Rig, ingressClassName: string) => {
      const { name } = rig;
      await rig.apply(ingress(name, `${name}.faultline.test`, { ingressClassName }));
      const ask = async () => {
        const path = 'jsonpath={.status.loadBalancer.ingress[*].ip}';
        const text = await rig.kubectl('get', 'ingress', name, '--namespace=default', '--output', path);
        return text.split(' ').filter(Boolean).toSorted();
      };
      const shown = await rig.until('an address', 15_000, ask, ({ length }) => length > 0).catch(ask);
      const of = await addressesOf(rig, 'traefik', 'kube-system');
      const saw = `Ingress: ${shown.join(', ') || 'none'}; Service traefik: ${of.join(', ')}`;
      return seen(shown.join() === of.join() && of.join() === nodeAddresses(rig).join(), saw);
    },
  }),
  measuredClaim({
    id: 'A34',
    sentence: 'With ServiceLB, a node that dies takes its address along: clients of that address are cut off.',
    stands: ['S3', '2. Klipper'],
    predicted: ['true', 'nobody else answers for it'],
    here: {
      is: 'ServiceLB',
      of: { scenario: 'kill-the-announcing-node', cell: { loadBalancer: 'servicelb', backend: 'vxlan' } },
    },
    twin: {
      is: 'MetalLB',
      shows: 'control',
      of: { scenario: 'kill-the-announcing-node', cell: { loadBalancer: 'metallb-l2' } },
    },
    ask: (verdict: KeptVerdict) => {
      const never = verdict.checks.find(({ check }) => check.startsWith('never-recovers'));
      return seen(never?.outcome === 'pass', verdict.headline);
    },
  }),
  clusterClaim({
    id: 'A40',
    sentence: 'ServiceLB heeds loadBalancerSourceRanges.',
    stands: ['ledger', 'klipper-lb, entry'],
    predicted: ['true', 'kube-proxy enforces it as well'],
    setUp: 'default',
    here: { is: 'a range that leaves the client out', of: '203.0.113.0/24' },
    twin: { is: 'a range with the client in it', shows: 'control', of: 'client' },
    ask: async (rig: Rig, range: string) => {
      const loadBalancerSourceRanges = [range === 'client' ? `${rig.cluster.client.address}/32` : range];
      await rig.apply(balanced(rig.name, rig.port, { loadBalancerSourceRanges }));
      await settledAddresses(rig, rig.name, ({ length }) => length === rig.cluster.nodes.length);
      const ask = () => rig.asked(`http://${rig.server.address}:${rig.port}/healthz`);
      const { status } = await rig.until('200', 8000, ask, (answer) => answer.status === '200').catch(ask);
      return seen(status === '000', status === '000' ? 'the client gets no answer' : `the client gets ${status}`);
    },
  }),
  clusterClaim({
    id: 'A41',
    sentence: 'An annotation of the Service gives the pods of ServiceLB tolerations.',
    stands: ['ledger', 'servicelb.go'],
    predicted: ['true', 'since 1.31.0; JSON or YAML'],
    setUp: 'default',
    alone: true,
    here: { is: 'a tainted node, with the annotation', of: true },
    twin: { is: 'a tainted node, without', shows: 'control', of: false },
    ask: async (rig: Rig, isAnnotated: boolean) => {
      rig.defer(() => rig.kubectl('taint', 'node', 'agent-1', 'claims-'));
      await rig.kubectl('taint', 'node', 'agent-1', 'claims=yes:NoSchedule', '--overwrite');
      const tolerations = JSON.stringify([{ key: 'claims', operator: 'Exists', effect: 'NoSchedule' }]);
      const annotations = { 'svccontroller.k3s.cattle.io/tolerations': tolerations };
      await rig.apply(balanced(rig.name, rig.port, {}, isAnnotated ? { annotations } : {}));
      const all = rig.cluster.nodes.length;
      const addresses = await settledAddresses(rig, rig.name, ({ length }) => length === all, 20_000);
      const isThere = addresses.includes(rig.node('agent-1').address);
      return seen(isThere, `${addresses.length} addresses, the tainted node’s ${isThere ? 'among them' : 'not'}`);
    },
  }),
  clusterClaim({
    id: 'A124',
    sentence: 'A load balancer in front learns from the healthCheckNodePort which nodes have a pod.',
    stands: ['S4', '3) Azure Load Balancer'],
    predicted: ['true', 'with externalTrafficPolicy Local; the cloud’s own part is not here'],
    setUp: 'default',
    here: { is: 'the node with the pod', of: 'agent-0' },
    twin: { is: 'a node without one', shows: 'control', of: 'agent-1' },
    ask: async (rig: Rig, node: string) => {
      await besideOnePod(rig, 'Local');
      const path = 'jsonpath={.spec.healthCheckNodePort}';
      const port = await rig.kubectl('get', 'service', rig.name, '--namespace', rig.namespace, '--output', path);
      const ask = () => rig.asked(`http://${rig.node(node).address}:${port}/`);
      const { status } = await rig.until('an answer', 10_000, ask, (answer) => answer.status !== '000').catch(ask);
      return seen(status === '200', `healthCheckNodePort on ${node}: ${status}`);
    },
  }),
];
