/** ServiceLB: names, labels, what its pods do, and whose traffic passes them. */
import { clusterClaim, seen, untestable, type Claim } from '../claim.ts';
import type { Rig } from '../rig.ts';
import { addressesOf, balanced, balancerPods, nodeAddresses, settledAddresses, type Named } from './objects.ts';
import { forwarding, packetsThrough } from './servicelb-pod.ts';

const PREFIX = 'svccontroller.k3s.cattle.io';
const OTHER_CLASS = { loadBalancerClass: 'claims.example/other' };

/** How many DaemonSets ServiceLB makes for a Service with this spec. */
async function daemonSets(rig: Rig, spec: Readonly<Record<string, unknown>>): Promise<number> {
  const { name, port } = rig;
  await rig.apply(balanced(name, port, spec));
  const found = () => rig.list<Named>('daemonsets', '--namespace=kube-system', `--selector=${PREFIX}/svcname=${name}`);
  const sets = await rig.until('a DaemonSet', 15_000, found, ({ length }) => length > 0).catch(() => []);
  return sets.length;
}

export const serviceLb: readonly Claim[] = [
  clusterClaim({
    id: 'A21',
    sentence: 'ServiceLB makes one DaemonSet in kube-system for each Service of type LoadBalancer.',
    stands: ['S1', 'How ServiceLB works'],
    predicted: ['true with a limit', 'a Service with a loadBalancerClass is somebody else’s'],
    setUp: 'default',
    here: { is: 'a Service of type LoadBalancer', of: {} },
    twin: { is: 'a loadBalancerClass of somebody else', shows: 'limit', of: OTHER_CLASS },
    ask: async (rig: Rig, spec: Readonly<Record<string, unknown>>) => {
      const count = await daemonSets(rig, spec);
      return seen(count === 1, `${count} DaemonSets`);
    },
  }),
  clusterClaim({
    id: 'A22',
    sentence: 'The pods of ServiceLB have names that begin with svc-.',
    stands: ['S1', 'How ServiceLB works'],
    predicted: ['false', 'svclb-<Service>-<begin of its uid>-<pod>'],
    setUp: 'default',
    here: { is: 'the prefix svc-', of: /^svc-/ },
    twin: {
      is: 'the prefix svclb-traefik-, with the begin of the uid',
      shows: 'control',
      of: /^svclb-traefik-[0-9a-f]{8}-/,
    },
    ask: async (rig: Rig, pattern: RegExp) => {
      const names = (await balancerPods(rig, 'traefik')).map(({ metadata }) => metadata.name);
      const fit = names.filter((name) => pattern.test(name));
      return seen(
        names.length > 0 && fit.length === names.length,
        `${fit.length} of ${names.length}: ${names.join(', ')}`,
      );
    },
  }),
  clusterClaim({
    id: 'A23',
    sentence: 'The pods of ServiceLB are found by the label svccontroller.k3s.cattle.io/svcname.',
    stands: ['S0', 'ServiceLB (Klipper)'],
    predicted: ['true', 'on the DaemonSet and on its pods'],
    setUp: 'default',
    here: { is: 'that label', of: `${PREFIX}/svcname` },
    twin: { is: 'the label without its last letters', shows: 'control', of: `${PREFIX}/svc` },
    ask: async (rig: Rig, label: string) => {
      const pods = await rig.list<Named>('pods', '--namespace=kube-system', `--selector=${label}`);
      return seen(pods.length >= rig.cluster.nodes.length, `${pods.length} pods on ${rig.cluster.nodes.length} nodes`);
    },
  }),
  clusterClaim({
    id: 'A24',
    sentence: 'A pod of ServiceLB has the Service’s port as hostPort and sends it on to its ClusterIP.',
    stands: ['S4', '4) Ingress Controller'],
    predicted: ['true with a limit', 'with externalTrafficPolicy Local it is the NodePort of its own node'],
    setUp: 'default',
    here: { is: 'externalTrafficPolicy Cluster', of: 'Cluster' },
    twin: { is: 'externalTrafficPolicy Local', shows: 'limit', of: 'Local' },
    ask: async (rig: Rig, policy: string) => {
      await rig.apply(balanced(rig.name, rig.port, { externalTrafficPolicy: policy }));
      const { clusterIp, destIps, destPort, hostPort } = await forwarding(rig, rig.name);
      const holds = destIps === clusterIp && destPort === String(rig.port) && hostPort === rig.port;
      return seen(holds, `hostPort ${hostPort}, DEST_PORT ${destPort}, DEST_IPS ${destIps}`);
    },
  }),
  clusterClaim({
    id: 'A25',
    sentence: 'iptables in the pods of ServiceLB forward from the NodePort to the ClusterIP.',
    stands: ['S1', 'How ServiceLB works'],
    predicted: ['false', 'it is the Service’s port that they forward; a NodePort is kube-proxy’s business'],
    setUp: 'default',
    here: { is: 'the NodePort of Traefik’s port 80', of: 'nodePort' },
    twin: { is: 'port 80', shows: 'control', of: 'port' },
    ask: async (rig: Rig, which: 'nodePort' | 'port') => {
      const path = `jsonpath={.spec.ports[0].${which}}`;
      const port = await rig.kubectl('get', 'service', 'traefik', '--namespace=kube-system', '--output', path);
      const [pod] = await rig.places('--namespace=kube-system', `--selector=${PREFIX}/svcname=traefik`);
      if (!pod) throw new Error('no pod of ServiceLB');
      const [legacy, nft] = await Promise.all(
        ['iptables-legacy-save', 'iptables-nft-save'].map((save) => rig.exec(pod.where, [save, '-t', 'nat'])),
      );
      const rules = `${legacy}${nft}`.split('\n').filter((line) => line.includes('DNAT'));
      const fit = rules.filter((line) => line.includes(`--dport ${port} `));
      return seen(
        fit.length > 0,
        `${fit.length} of ${rules.length} rules are for ${port}: ${(fit[0] ?? rules[0] ?? '').trim()}`,
      );
    },
  }),
  clusterClaim({
    id: 'A26',
    sentence: 'What clients send to a node’s port 80 goes through the pod of ServiceLB there.',
    stands: ['S0', 'ServiceLB (Klipper)'],
    predicted: ['false', 'kube-proxy takes whatever goes to an address in the Service’s status, before any hostPort'],
    setUp: 'default',
    alone: true,
    here: { is: '20 requests of a client to the node’s address', of: 'client' },
    twin: { is: '20 requests on the node itself to 127.0.0.1', shows: 'control', of: 'node' },
    ask: async (rig: Rig, from: 'client' | 'node') => {
      const { passed, answered } = await packetsThrough(rig, from, 20);
      return seen(passed > 0, `${answered} of 20 answered; ${passed} new connections passed the pod`);
    },
  }),
  clusterClaim({
    id: 'A38',
    sentence: 'ServiceLB runs one pod on every node, and gives out the nodes’ own addresses.',
    stands: ['S0', 'ServiceLB (Klipper)'],
    predicted: ['true', 'there is no virtual address'],
    setUp: 'default',
    here: { is: 'the Service traefik', of: ['traefik', 'kube-system'] as const },
    twin: { is: 'a Service of another class', shows: 'control', of: ['', 'default'] as const },
    ask: async (rig: Rig, [given, namespace]: readonly [string, string]) => {
      const name = given || rig.name;
      if (given === '') await daemonSets(rig, OTHER_CLASS);
      const [pods, addresses] = [await balancerPods(rig, name), await addressesOf(rig, name, namespace)];
      const isSame = addresses.join() === nodeAddresses(rig).join();
      const saw = `${pods.length} pods; addresses: ${addresses.join(', ') || 'none'}`;
      return seen(isSame && pods.length === rig.cluster.nodes.length, saw);
    },
  }),
  clusterClaim({
    id: 'A39',
    sentence: 'To run another load balancer, ServiceLB has to be disabled, because it takes every Service.',
    stands: ['S1', 'Disabling ServiceLB'],
    predicted: ['true with a limit', 'a loadBalancerClass keeps them apart'],
    setUp: 'default',
    here: { is: 'a Service without a class', of: {} },
    twin: { is: 'a loadBalancerClass', shows: 'limit', of: OTHER_CLASS },
    ask: async (rig: Rig, spec: Readonly<Record<string, unknown>>) => {
      await rig.apply(balanced(rig.name, rig.port, spec));
      const addresses = await settledAddresses(rig, rig.name, ({ length }) => length > 0);
      return seen(addresses.length > 0, `ServiceLB gave it ${addresses.length} addresses within 25 s`);
    },
  }),
  untestable({
    id: 'A42',
    sentence: 'The pods of ServiceLB use nft where the kernel has nf_tables, and legacy iptables elsewhere.',
    stands: ['ledger', 'klipper-lb, entry'],
    predicted: ['false', 'it looks into lsmod, where a built-in nf_tables is not listed'],
    reason: 'one host has one kernel: its twin needs nf_tables as a module',
  }),
  clusterClaim({
    id: 'A43',
    sentence: 'What ServiceLB does is told by events on the Service: AppliedDaemonSet, UpdatedLoadBalancer.',
    stands: ['ledger', 'servicelb.go'],
    predicted: ['true', 'good marks for a time line'],
    setUp: 'default',
    here: { is: 'a Service of type LoadBalancer', of: 'LoadBalancer' },
    twin: { is: 'a Service of type ClusterIP', shows: 'control', of: 'ClusterIP' },
    ask: async (rig: Rig, type: string) => {
      await rig.apply(balanced(rig.name, rig.port, { type }));
      const told = async () => {
        const of = `--field-selector=involvedObject.name=${rig.name}`;
        const events = await rig.list<{ reason: string }>('events', '--namespace=default', of);
        return events.map(({ reason }) => reason);
      };
      const isSo = (reasons: readonly string[]) =>
        ['AppliedDaemonSet', 'UpdatedLoadBalancer'].every((reason) => reasons.includes(reason));
      const reasons = await rig.until('events', 25_000, told, isSo).catch(told);
      return seen(isSo(reasons), [...new Set(reasons)].join(', ') || 'no event');
    },
  }),
];
