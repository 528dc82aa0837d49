/** CoreDNS in k3s. */
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { KubeObject, Rig } from '../rig.ts';

const corefile = (rig: Rig): Promise<string> =>
  rig.kubectl('get', 'configmap', 'coredns', '--namespace=kube-system', '--output', 'jsonpath={.data.Corefile}');

const isOne = ([first = '!']: readonly string[]): boolean => !first.startsWith('!');

/** A pod with this policy, and its resolv.conf. */
async function resolvConf(rig: Rig, dnsPolicy: string): Promise<string> {
  const name = `dns-${dnsPolicy.toLowerCase()}`;
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      dnsPolicy,
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'userlist', image: rig.app, imagePullPolicy: 'IfNotPresent' }],
    },
  };
  await rig.apply(pod);
  const read = "console.log(require('node:fs').readFileSync('/etc/resolv.conf', 'utf8'))";
  const ask = () => rig.said('exec', name, '--namespace', rig.namespace, '--', '/usr/local/bin/node', '-e', read);
  const { text } = await rig.until('its resolv.conf', 40_000, ask, ({ exitCode }) => exitCode === 0);
  return text.replaceAll('\n', '; ');
}

export const dns: readonly Claim[] = [
  clusterClaim({
    id: 'A87',
    sentence: 'A forward in the ConfigMap coredns-custom (*.override) comes before the default one.',
    stands: ['ledger', 'manifests/coredns.yaml'],
    predicted: ['true with a limit', 'since v1.32.10, v1.33.6, v1.34.2; before that the default one stays first'],
    alsoOn: ['v1.35.1+k3s1'],
    setUp: 'default',
    here: { is: 'the order of import and forward in the Corefile', of: 'forward .' },
    twin: {
      is: 'that of import and the import of *.server, which comes last',
      shows: 'control',
      of: 'import /etc/coredns/custom/*.server',
    },
    ask: async (rig: Rig, directive: string) => {
      const lines = (await corefile(rig)).split('\n').map((line) => line.trim());
      const at = (begin: string) => lines.findIndex((line) => line.startsWith(begin));
      const [imported, other] = [at('import /etc/coredns/custom/*.override'), at(directive)];
      return seen(
        imported >= 0 && imported < other,
        `import in line ${imported + 1}, ${directive} in line ${other + 1}`,
      );
    },
  }),
  clusterClaim({
    id: 'A88',
    sentence: 'Names of nodes resolve in the cluster.',
    stands: ['ledger', 'S0, Customising the Corefile'],
    predicted: ['true', 'by NodeHosts in k3s’ Corefile, which the guide’s own Corefile leaves out'],
    setUp: 'default',
    here: { is: 'the name of a node', of: 'agent-0' },
    twin: { is: 'a name of no node', shows: 'control', of: 'agent-9' },
    ask: async (rig: Rig, name: string) => {
      const found = await rig.resolved({ at: rig.server.side }, name);
      return seen(isOne(found), `${name}: ${found.join(', ')}`);
    },
  }),
  clusterClaim({
    id: 'A89',
    sentence: 'CoreDNS forwards what it does not know to 8.8.8.8 and 1.1.1.1.',
    stands: ['S0', 'Customising the Corefile'],
    predicted: ['false', 'to /etc/resolv.conf, which is the node’s'],
    setUp: 'default',
    here: { is: 'forward . 8.8.8.8 in the Corefile', of: 'forward . 8.8.8.8' },
    twin: { is: 'forward . /etc/resolv.conf', shows: 'control', of: 'forward . /etc/resolv.conf' },
    ask: async (rig: Rig, line: string) => {
      const found = (await corefile(rig)).split('\n').filter((one) => one.includes('forward'));
      return seen(
        found.some((one) => one.includes(line)),
        found.map((one) => one.trim()).join('; '),
      );
    },
  }),
  clusterClaim({
    id: 'A90',
    sentence: 'Cluster DNS is redundant: CoreDNS runs more than once.',
    stands: ['ledger', 'manifests/coredns.yaml'],
    predicted: ['false', 'one replica'],
    setUp: 'default',
    here: { is: 'the Deployment coredns', of: ['coredns', 'kube-system'] as const },
    twin: {
      is: 'the Deployment userlist, which was given three',
      shows: 'control',
      of: ['userlist', 'default'] as const,
    },
    ask: async (rig: Rig, [name, namespace]: readonly [string, string]) => {
      const path = 'jsonpath={.status.replicas}';
      const replicas = await rig.kubectl('get', 'deployment', name, '--namespace', namespace, '--output', path);
      return seen(Number(replicas) > 1, `${replicas} replicas`);
    },
  }),
  clusterClaim({
    id: 'A91',
    sentence: 'A pod is found as <its address>.<namespace>.pod.cluster.local.',
    stands: ['S2', '5.1 Service discovery and DNS'],
    predicted: ['false', 'with dashes in the place of the dots'],
    setUp: 'default',
    here: { is: 'the address as it is written', of: '.' },
    twin: { is: 'with dashes', shows: 'control', of: '-' },
    ask: async (rig: Rig, by: string) => {
      const [pod] = await rig.places('--selector=app.kubernetes.io/name=userlist');
      const name = `${pod?.address.replaceAll('.', by)}.default.pod.cluster.local`;
      const found = await rig.resolved({ at: rig.server.side }, name);
      return seen(found.includes(pod?.address ?? ''), `${name}: ${found.join(', ')}`);
    },
  }),
  clusterClaim({
    id: 'A92',
    sentence: 'With dnsPolicy ClusterFirst a pod asks the cluster’s DNS, with ndots:5.',
    stands: ['S2', '5.4 DNS policies'],
    predicted: ['true', 'it is what pods get unless told'],
    setUp: 'default',
    here: { is: 'dnsPolicy ClusterFirst', of: 'ClusterFirst' },
    twin: { is: 'dnsPolicy Default', shows: 'control', of: 'Default' },
    ask: async (rig: Rig, policy: string) => {
      const text = await resolvConf(rig, policy);
      return seen(text.includes('nameserver 10.43.0.10') && text.includes('ndots:5'), text);
    },
  }),
  clusterClaim({
    id: 'A119',
    sentence: 'CoreDNS’ pods have the label k8s-app=kube-dns.',
    stands: ['S0', 'DNS debugging'],
    predicted: ['true', 'as everywhere, for the sake of old manifests'],
    setUp: 'default',
    here: { is: 'k8s-app=kube-dns', of: 'k8s-app=kube-dns' },
    twin: { is: 'k8s-app=coredns', shows: 'control', of: 'k8s-app=coredns' },
    ask: async (rig: Rig, label: string) => {
      const pods = await rig.list('pods', '--namespace=kube-system', `--selector=${label}`);
      return seen(pods.length > 0, `${pods.length} pods`);
    },
  }),
  clusterClaim({
    id: 'A121',
    sentence: 'k3s’ Corefile has health { lameduck 5s } and a ttl 30 for the cluster’s names.',
    stands: ['S0', 'Customising the Corefile'],
    predicted: ['false', 'both are valid, and neither is in the default'],
    setUp: 'default',
    here: { is: 'lameduck 5s and ttl 30', of: ['lameduck 5s', 'ttl 30'] },
    twin: { is: 'pods insecure and cache 30', shows: 'control', of: ['pods insecure', 'cache 30'] },
    ask: async (rig: Rig, words: readonly string[]) => {
      const text = await corefile(rig);
      const there = words.filter((word) => text.includes(word));
      return seen(there.length === words.length, `in the Corefile: ${there.join(', ') || 'neither'}`);
    },
  }),
];
