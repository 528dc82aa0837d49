/** NetworkPolicy as k3s enforces it. The whole of the specification is compared in network-policy/. */
import { clusterClaim, seen, untestable, type Claim } from '../claim.ts';
import type { Answer, KubeObject, PodPlace, Rig } from '../rig.ts';
import { tableSays, truthTable } from '../network-policy/truth-table.ts';
import { ingress, rule, service, throughIngress } from './objects.ts';

type Spec = Readonly<Record<string, unknown>>;

const policy = (name: string, spec: Spec): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
  spec: { podSelector: {}, ...spec },
});

const DENY_INGRESS = policy('default-deny', { policyTypes: ['Ingress'] });
const DENY_ALL = policy('default-deny-all', { policyTypes: ['Ingress', 'Egress'] });

/** Asks pod `to` again and again until the answer stays the same as wanted, or time is over. */
async function reaches(rig: Rig, from: PodPlace, to: PodPlace, withinMs = 5000): Promise<Answer> {
  const ask = () => rig.asked(`http://${to.address}:8181/healthz`, { from: from.where, within: 1 });
  return await rig.until('refused', withinMs, ask, ({ status }) => status === '000').catch(ask);
}

const saying = ({ status, seconds }: Answer): string =>
  status === '000' ? `no answer after ${(seconds * 1000).toFixed(1)} ms` : status;

/** A pod each on these nodes, the policies, and whether the first still reaches the second. */
async function between(rig: Rig, nodes: readonly [string, string], policies: readonly KubeObject[]): Promise<Answer> {
  const [from] = await rig.pods('asks', [nodes[0]]);
  const [to] = await rig.pods('serves', [nodes[1]]);
  if (!from || !to) throw new Error('no two pods');
  await rig.apply(...policies);
  return await reaches(rig, from, to, policies.length > 0 ? 10_000 : 2000);
}

const toServes = policy('allow', {
  podSelector: { matchLabels: { app: 'serves' } },
  policyTypes: ['Ingress'],
  ingress: [
    { from: [{ podSelector: { matchLabels: { role: 'frontend' } } }], ports: [{ protocol: 'TCP', port: 8181 }] },
  ],
});

/** As the course page has it: an ipBlock with a hole, or a label. */
const toDatabase = policy('test-network-policy', {
  podSelector: { matchLabels: { app: 'serves' } },
  policyTypes: ['Ingress'],
  ingress: [
    {
      from: [
        { ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] } },
        { podSelector: { matchLabels: { role: 'frontend' } } },
      ],
    },
  ],
});

async function fromRole(rig: Rig, role: string, policies: readonly KubeObject[]): Promise<Answer> {
  const [to] = await rig.pods('serves', ['agent-0']);
  const [from] = await rig.pods('asks', ['agent-1'], { role });
  const [stranger] = await rig.pods('stranger', ['server-0']);
  if (!from || !to || !stranger) throw new Error('no three pods');
  await rig.apply(...policies);
  // Who is allowed answers all the time: that the policy is in force is seen on one who is not.
  const shut = await reaches(rig, stranger, to, 10_000);
  if (shut.status !== '000') throw new Error('the policy is not enforced: a stranger gets an answer');
  return await rig.asked(`http://${to.address}:8181/healthz`, { from: from.where });
}

/** A pod with a Service in the rig's namespace, the host name that it is to have, and a pod that nobody lets in. */
async function behindIngress(rig: Rig): Promise<{ host: string; to: PodPlace; stranger: PodPlace }> {
  const [stranger] = await rig.pods('stranger', ['agent-1']);
  const [to] = await rig.pods('serves', ['agent-0']);
  if (!to || !stranger) throw new Error('no two pods');
  await rig.apply(service('serves', { selector: { app: 'serves' } }, { namespace: rig.namespace }));
  return { host: `${rig.name}.faultline.test`, to, stranger };
}

export const policies: readonly Claim[] = [
  clusterClaim({
    id: 'A61',
    sentence: 'k3s enforces no NetworkPolicy unless kube-router is installed besides.',
    stands: ['S0', 'Flannel + NetworkPolicy'],
    predicted: ['false', 'kube-router’s controller is a part of k3s, and on'],
    setUp: 'default',
    here: { is: 'a default-deny policy, nothing installed', of: [DENY_INGRESS] },
    twin: { is: 'no policy', shows: 'control', of: [] },
    ask: async (rig: Rig, applied: readonly KubeObject[]) => {
      const answer = await between(rig, ['agent-0', 'agent-1'], applied);
      return seen(answer.status === '200', saying(answer));
    },
  }),
  untestable({
    id: 'A62',
    sentence: 'generic-kuberouter-only-advertise-routes.yaml brings NetworkPolicy to k3s.',
    stands: ['S0', 'Flannel + NetworkPolicy'],
    predicted: ['false', 'it says --run-firewall=false, and asks for a BGP peer'],
    reason: 'the manifest is not of k3s, and neither it nor its image is at hand',
  }),
  clusterClaim({
    id: 'A64',
    sentence: 'After a default-deny, a policy lets in exactly the pods that it names.',
    stands: ['S0', 'Basic NetworkPolicy'],
    predicted: ['true', 'what is not let in is refused at once, and does not time out'],
    setUp: 'default',
    here: { is: 'a pod with the label', of: 'frontend' },
    twin: { is: 'a pod with another', shows: 'control', of: 'backend' },
    ask: async (rig: Rig, role: string) => {
      const answer = await fromRole(rig, role, [DENY_INGRESS, toServes]);
      return seen(answer.status === '200', saying(answer));
    },
  }),
  clusterClaim({
    id: 'A65',
    sentence: 'A policy holds between pods of one node as well.',
    stands: ['ledger', 'bridge-nf-call-iptables'],
    predicted: ['true', 'k3s has bridged packets pass iptables'],
    setUp: 'default',
    here: { is: 'two pods of one node with a default-deny', of: [DENY_INGRESS] },
    twin: { is: 'the same without', shows: 'control', of: [] },
    ask: async (rig: Rig, applied: readonly KubeObject[]) => {
      const answer = await between(rig, ['agent-0', 'agent-0'], applied);
      return seen(answer.status === '000', saying(answer));
    },
  }),
  clusterClaim({
    id: 'A66',
    sentence: 'A pod’s own node reaches it whatever a policy says: probes go on.',
    stands: ['ledger', 'kube-router'],
    predicted: ['true', 'other nodes do not'],
    setUp: 'default',
    here: { is: 'the node that it runs on', of: 'agent-0' },
    twin: { is: 'another node', shows: 'control', of: 'agent-1' },
    ask: async (rig: Rig, node: string) => {
      const [to] = await rig.pods('serves', ['agent-0']);
      const [stranger] = await rig.pods('stranger', ['server-0']);
      if (!to || !stranger) throw new Error('no two pods');
      await rig.apply(DENY_INGRESS);
      await reaches(rig, stranger, to, 10_000);
      const answer = await rig.asked(`http://${to.address}:8181/healthz`, { from: rig.node(node).side });
      return seen(answer.status === '200', `from ${node}: ${saying(answer)}`);
    },
  }),
  clusterClaim({
    id: 'A67',
    sentence: 'A default-deny in an app’s namespace shuts the Ingress controller out as well.',
    stands: ['ledger', 'S0, Basic NetworkPolicy'],
    predicted: ['true', 'Traefik is in kube-system; it takes a policy to let that in'],
    setUp: 'default',
    here: { is: 'default-deny alone', of: [] },
    twin: {
      is: 'and a policy that lets kube-system in',
      shows: 'control',
      of: [
        policy('from-kube-system', {
          ingress: [
            { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }] },
          ],
        }),
      ],
    },
    ask: async (rig: Rig, more: readonly KubeObject[]) => {
      const { host, to, stranger } = await behindIngress(rig);
      // Before Traefik has a connection to the pod: one that is open stays open (A67b).
      await rig.apply(DENY_INGRESS, ...more);
      await reaches(rig, stranger, to, 10_000);
      await rig.apply(ingress('serves', host, { rules: [rule(host, '/', 'serves')] }, { namespace: rig.namespace }));
      const answer = await throughIngress(rig, host, { path: '/healthz' });
      return seen(answer.status !== '200', `through the Ingress: ${saying(answer)}`);
    },
  }),
  clusterClaim({
    id: 'A67b',
    sentence: 'A policy holds for connections that are open already.',
    stands: ['ledger', 'kube-router, RELATED,ESTABLISHED'],
    predicted: ['false', 'what conntrack knows is let through; Traefik keeps its connections to pods'],
    setUp: 'default',
    here: { is: 'Traefik, which asked the pod before the default-deny', of: 'traefik' },
    twin: { is: 'a pod with a new connection', shows: 'control', of: 'stranger' },
    ask: async (rig: Rig, who: 'traefik' | 'stranger') => {
      const { host, to, stranger } = await behindIngress(rig);
      await rig.apply(ingress('serves', host, { rules: [rule(host, '/', 'serves')] }, { namespace: rig.namespace }));
      await throughIngress(rig, host, { path: '/healthz', isSo: ({ status }) => status === '200' });
      await rig.apply(DENY_INGRESS);
      const shut = await reaches(rig, stranger, to, 10_000);
      const answer = who === 'stranger' ? shut : await throughIngress(rig, host, { path: '/healthz', withinMs: 1 });
      return seen(answer.status !== '200', saying(answer));
    },
  }),
  clusterClaim({
    id: 'A69',
    sentence: 'The policy allow-api-server, beside a default-deny of both directions, lets pods reach the API.',
    stands: ['S0', 'Basic NetworkPolicy'],
    predicted: ['false', 'it has only an ingress part: egress to DNS and the API needs its own'],
    setUp: 'default',
    here: { is: 'the two policies as they stand there', of: [toServes] },
    twin: {
      is: 'and one that allows egress',
      shows: 'control',
      of: [toServes, policy('out', { policyTypes: ['Egress'], egress: [{}] })],
    },
    ask: async (rig: Rig, more: readonly KubeObject[]) => {
      const [from] = await rig.pods('serves', ['agent-0']);
      const [stranger] = await rig.pods('stranger', ['agent-1']);
      if (!from || !stranger) throw new Error('no two pods');
      await rig.apply(DENY_ALL, ...more);
      await reaches(rig, stranger, from, 10_000);
      const url = 'https://10.43.0.1/version';
      const ask = () => rig.asked(url, { from: from.where, curl: ['--insecure'], within: 1 });
      const answer = await rig.until('an answer', 4000, ask, ({ status }) => status !== '000').catch(ask);
      return seen(answer.status !== '000', `GET ${url}: ${saying(answer)}`);
    },
  }),
  clusterClaim({
    id: 'A70',
    sentence: 'A policy with an ipBlock, its except and a podSelector lets in whom any of them names.',
    stands: ['S2', '4.1 Basic NetworkPolicy'],
    predicted: ['true', 'the whole of it: the truth table of network policies'],
    setUp: 'default',
    here: { is: 'a pod with role frontend', of: 'frontend' },
    twin: { is: 'a pod that none of them names', shows: 'control', of: 'other' },
    ask: async (rig: Rig, role: string) => {
      const answer = await fromRole(rig, role, [toDatabase]);
      return seen(answer.status === '200', saying(answer));
    },
  }),
  clusterClaim({
    id: 'A70b',
    sentence: 'k3s enforces NetworkPolicy as its specification says, all of it.',
    stands: ['ledger', 'S2, 4. NetworkPolicy'],
    predicted: ['true', 'kube-router passes most of the upstream suite'],
    setUp: 'policies',
    here: { is: '100 policies drawn from seed 8, each about one direction', of: 'one' },
    twin: { is: 'policies about both directions at once, which open one by the other', shows: 'limit', of: 'both' },
    ask: async (rig: Rig, directions: 'one' | 'both') => {
      const table = await truthTable(rig, { seed: 8, policies: 100, directions });
      if (table.policies < 100) throw new Error(`the time was over too soon: ${tableSays(table)}`);
      return seen(table.disagreements.length === 0, tableSays(table));
    },
  }),
];
