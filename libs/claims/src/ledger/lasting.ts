/** DNS and policies over a restart of k3s, and what is dropped on the way. */
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { KubeObject, Rig } from '../rig.ts';
import { dropIncoming } from './firewall.ts';
import { ingress, rule, service, throughIngress } from './objects.ts';
import { startAgain, withFlags, type Flags } from './restart.ts';

const MARK = '# faultline was here';

const denyAll: KubeObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'default-deny' },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
};

/** Whether a pod on agent-1 is still reached from agent-0, after time enough to shut it. */
async function isReached(rig: Rig, withinMs = 8000): Promise<boolean> {
  const [from] = await rig.pods('asks', ['agent-0']);
  const [to] = await rig.pods('serves', ['agent-1']);
  if (!from || !to) throw new Error('no two pods');
  const ask = () => rig.asked(`http://${to.address}:8181/healthz`, { from: from.where, within: 1 });
  const { status } = await rig.until('shut', withinMs, ask, (answer) => answer.status === '000').catch(ask);
  return status === '200';
}

const reached = (is: boolean): string => (is ? 'the pod is reached' : 'the pod is not reached');

export const lasting: readonly Claim[] = [
  clusterClaim({
    id: 'A63',
    sentence: 'Without ipset k3s goes on, and enforces no policy on that node.',
    stands: ['ledger', 'pkg/agent/netpol'],
    predicted: ['true', 'one line in the log says so'],
    setUp: 'changed',
    here: { is: 'k3s started again where ipset cannot be found', of: true },
    twin: { is: 'started again with it', shows: 'control', of: false },
    ask: async (rig: Rig, isHidden: boolean) => {
      const node = rig.node('agent-1');
      const ipset = (await node.exec(['which', 'ipset'], { signal: rig.signal })).stdout.trim();
      const away = `${ipset}.away`;
      if (isHidden) {
        rig.defer(() => startAgain(rig, 'agent-1'));
        rig.defer(() => node.exec(['mv', away, ipset]));
        await node.exec(['mv', ipset, away], { signal: rig.signal });
      }
      await startAgain(rig, 'agent-1');
      await isReached(rig, 1);
      await rig.apply(denyAll);
      const is = await isReached(rig);
      return seen(is, `with a default-deny ${reached(is)}`);
    },
  }),
  clusterClaim({
    id: 'A68',
    sentence: 'With --disable-network-policy, policies that were enforced before go on being enforced.',
    stands: ['docs', 'networking/networking-services'],
    predicted: ['true', 'nothing removes their rules until the machine starts again'],
    setUp: 'changed',
    here: { is: 'a policy from before', of: 'before' },
    twin: { is: 'a policy made afterwards', shows: 'control', of: 'after' },
    ask: async (rig: Rig, when: 'before' | 'after') => {
      await isReached(rig, 1);
      if (when === 'before') {
        await rig.apply(denyAll);
        if (await isReached(rig)) throw new Error('it is not enforced before either');
      }
      // Agents are told by their server; afterwards too, so the server's undo comes first.
      rig.defer(() => startAgain(rig, 'agent-1'));
      await withFlags(rig, ['server-0'], { 'disable-network-policy': true });
      await startAgain(rig, 'agent-1');
      if (when === 'after') await rig.apply(denyAll);
      const is = await isReached(rig);
      return seen(!is, reached(is));
    },
  }),
  clusterClaim({
    id: 'A75',
    sentence: 'Without 10250, kubectl logs goes on, and whoever asks the kubelet directly, as kubectl top, does not.',
    stands: ['S0', 'Port requirements'],
    predicted: ['true', 'k3s tunnels the former; the metrics server asks nodes directly'],
    setUp: 'default',
    alone: true,
    here: { is: 'kubectl logs of a pod there', of: 'logs' },
    twin: { is: 'a request of a server to that port', shows: 'control', of: 'direct' },
    ask: async (rig: Rig, how: 'logs' | 'direct') => {
      const [pod] = await rig.pods('logs', ['agent-1']);
      await dropIncoming(rig, 'agent-1', '10250');
      if (how === 'logs') {
        const { exitCode, text } = await rig.said('logs', pod?.name ?? '', '--namespace', rig.namespace, '--tail=1');
        return seen(exitCode === 0, `exit code ${exitCode}: ${text.slice(0, 120)}`);
      }
      const url = `https://${rig.node('agent-1').address}:10250/healthz`;
      const { status } = await rig.asked(url, { from: rig.server.side, curl: ['--insecure'] });
      return seen(status !== '000', `GET ${url}: ${status}`);
    },
  }),
  clusterClaim({
    id: 'A86',
    sentence: 'CoreDNS is customised by editing its ConfigMap coredns.',
    stands: ['S0', 'Customising the Corefile'],
    predicted: ['false', 'k3s writes it again at every start; coredns-custom is what stays'],
    setUp: 'changed',
    here: { is: 'a line in the ConfigMap coredns, after a restart', of: 'coredns' },
    twin: { is: 'a line in coredns-custom', shows: 'control', of: 'coredns-custom' },
    ask: async (rig: Rig, name: string) => {
      const get = ['get', 'configmap', name, '--namespace=kube-system', '--output'];
      if (name === 'coredns') {
        const corefile = await rig.kubectl(...get, 'jsonpath={.data.Corefile}');
        const patch = JSON.stringify({ data: { Corefile: `${corefile}\n${MARK}\n` } });
        await rig.kubectl('patch', 'configmap', name, '--namespace=kube-system', '--type=merge', '--patch', patch);
      } else {
        const metadata = { name, namespace: 'kube-system' };
        await rig.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'claims.server': MARK } });
      }
      await startAgain(rig, 'server-0');
      const ask = () => rig.kubectl(...get, 'json');
      const after = await rig.until('it is gone', 20_000, ask, (text) => !text.includes(MARK)).catch(ask);
      const isThere = after.includes(MARK);
      return seen(isThere, `after a restart the line is ${isThere ? 'still there' : 'gone'}`);
    },
  }),
  clusterClaim({
    id: 'A93',
    sentence: 'With --disable=coredns there is no cluster DNS until somebody installs one.',
    stands: ['S1', 'CoreDNS'],
    predicted: ['true', 'the Deployment is removed'],
    setUp: 'changed',
    here: { is: 'started again with --disable=coredns', of: { disable: ['coredns'] } },
    twin: { is: 'started again without', shows: 'control', of: {} },
    ask: async (rig: Rig, given: Flags) => {
      const ask = () => rig.resolved({ at: rig.server.side }, 'kubernetes.default.svc.cluster.local');
      const isGone = ([first = '!']: readonly string[]) => first.startsWith('!');
      // Where it was taken away it takes a while to be back.
      const isBack = () => rig.until('DNS answers', 120_000, ask, (found) => !isGone(found));
      rig.defer(isBack);
      await withFlags(rig, ['server-0'], given);
      if (!given['disable']) await isBack();
      const found = await rig.until('no answer', 30_000, ask, isGone).catch(ask);
      return seen(isGone(found), `kubernetes.default.svc.cluster.local: ${found.join(', ')}`);
    },
  }),
  clusterClaim({
    id: 'A116',
    sentence: 'A dead endpoint makes requests through Traefik hang for 30 s.',
    stands: ['ledger', 'Traefik, dialTimeout'],
    predicted: ['true', 'that is its dial timeout; then they are 502 or 504'],
    setUp: 'default',
    here: { is: 'an endpoint that drops what it is sent', of: true },
    twin: { is: 'an endpoint that refuses', shows: 'control', of: false },
    ask: async (rig: Rig, isDead: boolean) => {
      const { name, port } = rig;
      const host = `${name}.faultline.test`;
      const slice: KubeObject = {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
        addressType: 'IPv4',
        ports: [{ name: 'http', port, protocol: 'TCP' }],
        endpoints: [{ addresses: [rig.node('agent-0').address], conditions: { ready: true } }],
      };
      if (isDead) await dropIncoming(rig, 'agent-0', String(port));
      const { selector: _, ...spec } = service(name)['spec'] as Readonly<Record<string, unknown>>;
      await rig.apply({ ...service(name), spec }, slice, ingress(name, host, { rules: [rule(host, '/', name)] }));
      const isRouted = ({ status }: { status: string }) => status !== '404' && status !== '503';
      await throughIngress(rig, host, { isSo: isRouted, withinMs: 10_000 });
      const curl = ['--resolve', `${host}:80:${rig.server.address}`];
      const { status, seconds } = await rig.asked(`http://${host}/`, { curl, within: 45 });
      return seen(seconds > 25 && seconds < 35, `${status} after ${seconds.toFixed(1)} s`);
    },
  }),
];
