/** Services and kube-proxy. */
import { clusterClaim, seen, untestable, type Claim } from '../claim.ts';
import type { Answer, Rig } from '../rig.ts';
import { DEFAULT_HOST } from '@faultline/workload/plan';
import { service, throughIngress } from './objects.ts';

const clusterIpOf = (rig: Rig, name: string, namespace = 'default'): Promise<string> =>
  rig.kubectl('get', 'service', name, '--namespace', namespace, '--output', 'jsonpath={.spec.clusterIP}');

/** Who answered one request after the other, each by a new connection. */
async function answerers(rig: Rig, count: number, ask: () => Promise<Answer>): Promise<readonly string[]> {
  const names: string[] = [];
  for (let request = 0; request < count; request++) names.push((await ask()).headers['x-answered-by'] ?? 'nobody');
  return names;
}

/** Whether they go by rounds in which each pod has its turn once, wherever in a round the first request fell. */
export function inTurn(names: readonly string[], pods: number): boolean {
  const rounds = (offset: number) =>
    Array.from({ length: Math.floor((names.length - offset) / pods) }, (_, round) =>
      names.slice(offset + round * pods, offset + (round + 1) * pods),
    );
  return Array.from({ length: pods }, (_, offset) => rounds(offset)).some((all) =>
    all.every((round) => new Set(round).size === pods),
  );
}

const tally = (names: readonly string[]): string =>
  [...Map.groupBy(names, (name) => name)].map(([name, all]) => `${name} ${all.length}`).join(', ');

export const services: readonly Claim[] = [
  clusterClaim({
    id: 'A71',
    sentence: 'kube-proxy’s pods are found by the label k8s-app=kube-proxy, and its log by kubectl logs.',
    stands: ['S2', '1.4.3 kube-proxy commands'],
    predicted: ['false', 'in k3s kube-proxy is a part of the k3s process'],
    setUp: 'default',
    here: { is: 'k8s-app=kube-proxy', of: 'k8s-app=kube-proxy' },
    twin: { is: 'k8s-app=kube-dns', shows: 'control', of: 'k8s-app=kube-dns' },
    ask: async (rig: Rig, label: string) => {
      const pods = await rig.list('pods', '--all-namespaces', `--selector=${label}`);
      return seen(pods.length > 0, `${pods.length} pods`);
    },
  }),
  untestable({
    id: 'A80',
    sentence: 'With kube-proxy in IPVS mode, MetalLB needs strictARP.',
    stands: ['ledger', 'MetalLB, installation'],
    predicted: ['true', 'else every node answers for an address bound to kube-ipvs0'],
    reason: 'the kernel at hand has no IPVS',
  }),
  clusterClaim({
    id: 'A81',
    sentence: 'A Service of type NodePort may ask for a port between 30000 and 32767, as 30007.',
    stands: ['S2', '2.2 NodePort'],
    predicted: ['true', 'anything else is refused by the API'],
    setUp: 'default',
    here: { is: 'nodePort 30007', of: 30_007 },
    twin: { is: 'nodePort 29999', shows: 'control', of: 29_999 },
    ask: async (rig: Rig, nodePort: number) => {
      const ports = [{ port: 80, targetPort: 8181, nodePort }];
      const said = await rig.apply(service(rig.name, { type: 'NodePort', ports })).then(
        () => 'accepted',
        (error: Error) => error.message.split('\n').at(-1) ?? error.message,
      );
      if (said !== 'accepted') return seen(false, said);
      const { status } = await rig.asked(`http://${rig.server.address}:${nodePort}/healthz`, { within: 5 });
      return seen(true, `accepted; a client there gets ${status}`);
    },
  }),
  clusterClaim({
    id: 'A82',
    sentence: 'A Service of type ExternalName is a CNAME in DNS.',
    stands: ['S2', '2.5 ExternalName'],
    predicted: ['true', 'it has neither address nor selector'],
    setUp: 'default',
    here: { is: 'type ExternalName', of: 'ExternalName' },
    twin: { is: 'type ClusterIP', shows: 'control', of: 'ClusterIP' },
    ask: async (rig: Rig, type: string) => {
      const { name } = rig;
      await rig.apply(
        service(name, type === 'ExternalName' ? { type, externalName: 'kubernetes.default.svc.cluster.local' } : {}),
      );
      const query = `${name}.default.svc.cluster.local`;
      const ask = () => rig.resolved({ at: rig.server.side }, query, 'CNAME');
      const found = await rig.until('an answer', 6000, ask, ([first = '!']) => !first.startsWith('!')).catch(ask);
      return seen(
        found.some((one) => one.startsWith('kubernetes.')),
        `CNAME of ${query}: ${found.join(', ') || 'none'}`,
      );
    },
  }),
  clusterClaim({
    id: 'A83',
    sentence: 'A Service passes requests to its pods in turn, round robin.',
    stands: ['S4', '6) Service'],
    predicted: ['false', 'kube-proxy chooses by chance; it is Traefik that goes by turns, past the Service'],
    setUp: 'default',
    alone: true,
    here: { is: '60 new connections to its ClusterIP', of: 'service' },
    twin: { is: '60 requests through the Ingress', shows: 'control', of: 'ingress' },
    ask: async (rig: Rig, through: 'service' | 'ingress') => {
      const address = await clusterIpOf(rig, 'userlist');
      const at = { from: { at: rig.server.side } };
      const names = await answerers(rig, 60, () =>
        through === 'ingress'
          ? throughIngress(rig, DEFAULT_HOST, { path: '/users/1' })
          : rig.asked(`http://${address}/users/1`, at),
      );
      const pods = new Set(names).size;
      return seen(
        pods > 1 && inTurn(names, pods),
        `${inTurn(names, pods) ? 'in rounds' : 'not in rounds'}: ${tally(names)}`,
      );
    },
  }),
  clusterClaim({
    id: 'A84',
    sentence: 'The name of a headless Service resolves to the addresses of all its ready pods.',
    stands: ['S2', '8.1 Headless Service'],
    predicted: ['true', 'one A record each'],
    setUp: 'default',
    here: { is: 'clusterIP: None', of: { clusterIP: 'None' } },
    twin: { is: 'a ClusterIP', shows: 'control', of: {} },
    ask: async (rig: Rig, spec: Readonly<Record<string, string>>) => {
      const { name } = rig;
      await rig.apply(service(name, spec));
      const pods = (await rig.places('--selector=app.kubernetes.io/name=userlist'))
        .map(({ address }) => address)
        .toSorted();
      const ask = () => rig.resolved({ at: rig.server.side }, `${name}.default.svc.cluster.local`);
      const found = await rig.until('an answer', 8000, ask, ([first = '!']) => !first.startsWith('!')).catch(ask);
      return seen(found.toSorted().join() === pods.join(), `resolves to ${found.join(', ')}; pods: ${pods.join(', ')}`);
    },
  }),
  clusterClaim({
    id: 'A85',
    sentence: 'With sessionAffinity ClientIP, a client stays with one pod.',
    stands: ['S2', '2. Services'],
    predicted: ['true', 'for three hours unless told'],
    setUp: 'default',
    here: { is: 'sessionAffinity ClientIP', of: 'ClientIP' },
    twin: { is: 'sessionAffinity None', shows: 'control', of: 'None' },
    ask: async (rig: Rig, sessionAffinity: string) => {
      const { name } = rig;
      await rig.apply(service(name, { sessionAffinity }));
      const address = await clusterIpOf(rig, name);
      const ask = () => rig.asked(`http://${address}/users/1`, { from: { at: rig.server.side } });
      await rig.until('200', 10_000, ask, ({ status }) => status === '200');
      const names = await answerers(rig, 20, ask);
      return seen(new Set(names).size === 1, tally(names));
    },
  }),
  clusterClaim({
    id: 'A108',
    sentence: 'On a node, Traefik answers at localhost and at its address, on port 80 and on its NodePort.',
    stands: ['S4', '4) Access'],
    predicted: ['true', 'with kube-proxy in iptables mode, as k3s has it'],
    setUp: 'default',
    here: { is: 'port 80 and the NodePort, each on every node', of: 'served' },
    twin: { is: 'port 8089, which nobody serves', shows: 'control', of: 'other' },
    ask: async (rig: Rig, which: 'served' | 'other') => {
      const path = 'jsonpath={.spec.ports[0].nodePort}';
      const nodePort = await rig.kubectl('get', 'service', 'traefik', '--namespace=kube-system', '--output', path);
      const ports = which === 'served' ? ['80', nodePort] : ['8089'];
      const asks = rig.cluster.nodes.flatMap((node) =>
        ['localhost', node.address].flatMap((host) =>
          ports.map((port) => ({ node, url: `http://${host}:${port}/users/1` })),
        ),
      );
      const answers = await Promise.all(
        asks.map(({ node, url }) =>
          rig.asked(url, { from: node.side, headers: { host: DEFAULT_HOST }, curl: ['--ipv4'] }),
        ),
      );
      const good = answers.filter(({ status }) => status === '200').length;
      const first = asks.find((_, index) => answers[index]?.status !== '200');
      const saw = `${good} of ${asks.length} answered 200${first ? `; not ${first.url} on ${first.node.name}` : ''}`;
      return seen(good === asks.length, saw);
    },
  }),
  clusterClaim({
    id: 'A117',
    sentence: 'Behind an ExternalName the TLS certificate is still that of the other name, and clients refuse it.',
    stands: ['S2', '2.5 ExternalName'],
    predicted: ['true', 'a CNAME renames nothing in TLS'],
    setUp: 'default',
    here: { is: 'asked by the name of the ExternalName Service', of: '' },
    twin: { is: 'asked by its target’s name', shows: 'control', of: 'kubernetes.default.svc.cluster.local' },
    ask: async (rig: Rig, given: string) => {
      const host = given || `${rig.name}.default.svc.cluster.local`;
      await rig.apply(
        service(rig.name, { type: 'ExternalName', externalName: 'kubernetes.default.svc.cluster.local' }),
      );
      const ask = () => rig.resolved({ at: rig.server.side }, host);
      const [address = ''] = await rig.until('an address', 8000, ask, ([first = '!']) => !first.startsWith('!'));
      const ca = '/proc/1/root/var/lib/rancher/k3s/server/tls/server-ca.crt';
      const curl = ['--cacert', ca, '--resolve', `${host}:443:${address}`];
      const { status } = await rig.asked(`https://${host}/version`, { from: rig.server.side, curl });
      return seen(status === '000', status === '000' ? `${address}: TLS refused` : `${address}: ${status}`);
    },
  }),
  clusterClaim({
    id: 'A122',
    sentence: 'kube-proxy reads a KubeProxyConfiguration from the ConfigMap kube-proxy.',
    stands: ['S2', '1.4.2 kube-proxy configuration'],
    predicted: ['false', 'k3s takes --kube-proxy-arg'],
    setUp: 'default',
    here: { is: 'the ConfigMap kube-proxy', of: 'kube-proxy' },
    twin: { is: 'the ConfigMap coredns, which is read', shows: 'control', of: 'coredns' },
    ask: async (rig: Rig, name: string) => {
      const { exitCode, text } = await rig.said('get', 'configmap', name, '--namespace=kube-system', '--output=name');
      return seen(exitCode === 0, text);
    },
  }),
];
