/** MetalLB and kube-vip. */
import { createHash } from 'node:crypto';
import { freeOfPool } from '@faultline/cluster/plan';
import { clusterClaim, measuredClaim, seen, untestable, type Claim } from '../claim.ts';
import type { KeptVerdict } from '../kept.ts';
import type { Rig } from '../rig.ts';
import { addressesOf, balanced, type Named } from './objects.ts';

const WITH_ENDPOINT = { scenario: 'kill-the-announcing-node', cell: { loadBalancer: 'metallb-l2' } };

async function podCount(rig: Rig): Promise<number> {
  const selector = '--selector=app=metallb';
  const metallb = await rig.list<Named>('pods', '--all-namespaces', selector);
  const kubeVip = await rig.list<Named>('pods', '--all-namespaces', '--selector=app.kubernetes.io/name=kube-vip-ds');
  return metallb.length + kubeVip.length;
}

/** Which address a Service gets that asks for one by an annotation. */
async function givenTo(rig: Rig, name: string, key: string, address: string): Promise<readonly string[]> {
  await rig.apply(balanced(name, rig.port, {}, { annotations: { [key]: address } }));
  const ask = () => addressesOf(rig, name);
  return await rig.until('an address', 15_000, ask, ({ length }) => length > 0).catch(ask);
}

/** Takes MetalLB's controller away and makes it again, as its manifest does; then a pool, at once or when it is ready. */
async function poolAfter(rig: Rig, isAwaited: boolean): Promise<{ exitCode: number; text: string }> {
  const at = ['deployment', 'controller', '--namespace=metallb-system'];
  const { metadata, status: _, ...rest } = JSON.parse(await rig.kubectl('get', ...at, '--output=json'));
  const { name, namespace, labels } = metadata;
  const apply = (object: unknown) =>
    rig.server.exec(['kubectl', 'apply', '-f', '-'], {
      signal: rig.signal,
      input: JSON.stringify(object),
      accept: 'any',
    });
  const ready = () => rig.said('rollout', 'status', ...at, '--timeout=20s');
  rig.defer(() => rig.until('the controller is ready', 60_000, ready, ({ exitCode }) => exitCode === 0));
  await rig.kubectl('delete', ...at, '--cascade=foreground', '--wait=true', '--timeout=25s');
  await apply({ ...rest, metadata: { name, namespace, labels } });
  if (isAwaited) await rig.until('the controller is ready', 60_000, ready, ({ exitCode }) => exitCode === 0);
  const pool = { name: rig.name, namespace };
  rig.defer(() => rig.kubectl('delete', 'ipaddresspool', rig.name, `--namespace=${namespace}`, '--ignore-not-found'));
  const { exitCode, stdout, stderr } = await apply({
    apiVersion: 'metallb.io/v1beta1',
    kind: 'IPAddressPool',
    metadata: pool,
    spec: { addresses: ['203.0.113.0/28'], autoAssign: false },
  });
  return { exitCode, text: `${stdout}${stderr}`.trim() };
}

const GIVEN_WITHIN_MS = 20_000;

async function givenWithin(rig: Rig, annotations: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await rig.apply(balanced(rig.name, rig.port, {}, { annotations }));
  const ask = () => addressesOf(rig, rig.name);
  return await rig.until('an address', GIVEN_WITHIN_MS, ask, ({ length }) => length > 0).catch(ask);
}

const byHash = (nodes: readonly string[], address: string): readonly string[] => {
  const hash = (node: string) => createHash('sha256').update(`${node}#${address}`).digest('hex');
  return nodes.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1));
};

function freeAddress({ cluster }: Rig, nth: number): string {
  const free = freeOfPool(cluster)[nth];
  if (free === undefined) throw new Error('the pool of this cluster has no such address');
  return free;
}

export const providers: readonly Claim[] = [
  clusterClaim({
    id: 'A94',
    sentence: 'MetalLB’s pools can be applied right after its manifest.',
    stands: ['S0', 'MetalLB after ServiceLB'],
    predicted: ['false', 'the webhook refuses until the controller is ready'],
    setUp: 'metallb',
    alone: true,
    here: { is: 'a pool right after its controller was made', of: false },
    twin: { is: 'the pool once the controller is ready', shows: 'control', of: true },
    ask: async (rig: Rig, isAwaited: boolean) => {
      const said = await poolAfter(rig, isAwaited);
      return seen(said.exitCode === 0, said.text);
    },
  }),
  clusterClaim({
    id: 'A95',
    sentence: 'MetalLB runs one pod more than there are nodes: a controller and a speaker on each.',
    stands: ['S3', '4. Performance and resources'],
    predicted: ['true', 'four on three nodes; kube-vip three'],
    setUp: 'metallb',
    here: { is: 'MetalLB', of: 1 },
    twin: { is: 'kube-vip', shows: 'control', setUp: 'kube-vip', of: 1 },
    ask: async (rig: Rig, more: number) => {
      const [pods, nodes] = [await podCount(rig), rig.cluster.nodes.length];
      return seen(pods === nodes + more, `${pods} pods on ${nodes} nodes`);
    },
  }),
  measuredClaim({
    id: 'A96',
    sentence: 'With MetalLB, another node takes the address over when its node dies.',
    stands: ['S3', '1. Traffic flow'],
    predicted: ['true', 'as long as there is an endpoint left'],
    here: { is: 'MetalLB', of: WITH_ENDPOINT },
    twin: {
      is: 'ServiceLB',
      shows: 'control',
      of: { scenario: 'kill-the-announcing-node', cell: { loadBalancer: 'servicelb' } },
    },
    ask: (verdict: KeptVerdict) => {
      const moved = verdict.checks.find(({ check }) => check === 'owner: moves');
      return seen(moved?.outcome === 'pass', `${moved?.reason ?? 'nobody took it over'}. ${verdict.headline}`);
    },
  }),
  measuredClaim({
    id: 'A96b',
    sentence:
      'Which node announces an address can be told beforehand: the lowest sha256 of its name, # and the address.',
    stands: ['ledger', 'D1, election'],
    predicted: ['true', 'MetalLB elects nobody: each speaker sorts by that hash'],
    here: { is: 'MetalLB', of: WITH_ENDPOINT },
    twin: {
      is: 'kube-vip, which elects',
      shows: 'control',
      of: { scenario: 'freeze-the-announcing-node', cell: { loadBalancer: 'kube-vip-arp' } },
    },
    ask: (verdict: KeptVerdict) => {
      const announcer = /node (\S+) was/.exec(verdict.headline)?.[1];
      const address = /through ([\d.]+)/.exec(verdict.headline)?.[1];
      if (!announcer || !address) throw new Error(`no announcer, or no address, in "${verdict.headline}"`);
      const [first] = byHash(['server-0', 'agent-0', 'agent-1'], address);
      return seen(first === announcer, `${address} was announced by ${announcer}; the lowest hash is ${first}’s`);
    },
  }),
  clusterClaim({
    id: 'A97',
    sentence: 'metallb.universe.tf/loadBalancerIPs gives a Service that address of the pool.',
    stands: ['S3', '5. A fixed address'],
    predicted: ['true', 'still honoured; metallb.io/loadBalancerIPs since v0.14.9'],
    setUp: 'metallb',
    here: { is: 'that annotation', of: 'metallb.universe.tf/loadBalancerIPs' },
    twin: { is: 'an annotation that nobody knows', shows: 'control', of: 'metallb.example/loadBalancerIPs' },
    ask: async (rig: Rig, key: string) => {
      const wanted = freeAddress(rig, 0);
      const found = await givenTo(rig, rig.name, key, wanted);
      return seen(found.join() === wanted, `asked for ${wanted}, got ${found.join(', ') || 'none'}`);
    },
  }),
  clusterClaim({
    id: 'A98',
    sentence: 'With MetalLB, Services may share an address by allow-shared-ip.',
    stands: ['ledger', 'MetalLB, usage'],
    predicted: ['true with a limit', 'not on the same port'],
    setUp: 'metallb',
    here: { is: 'another port', of: 1 },
    twin: { is: 'the same port', shows: 'limit', of: 0 },
    ask: async (rig: Rig, more: number) => {
      const { name, port } = rig;
      const wanted = freeAddress(rig, more === 0 ? 1 : 2);
      const annotations = { 'metallb.io/loadBalancerIPs': wanted, 'metallb.io/allow-shared-ip': 'a98' };
      const [first, second] = [port + 1000, port + 1000 + more];
      await rig.apply(balanced(name, first, {}, { annotations }), balanced(`${name}-too`, second, {}, { annotations }));
      const ask = () => addressesOf(rig, `${name}-too`);
      const found = await rig.until('an address', 10_000, ask, ({ length }) => length > 0).catch(ask);
      return seen(found.join() === wanted, found.join(', ') || 'pending after 10 s');
    },
  }),
  untestable({
    id: 'A99',
    sentence: 'MetalLB’s layer 2 is not for AWS.',
    stands: ['S3', '3. By environment'],
    predicted: ['not testable here', 'that network answers ARP by itself'],
    reason: 'there is no such network here',
  }),
  clusterClaim({
    id: 'A100',
    sentence: 'kube-vip has no pool: a Service that names no address gets none.',
    stands: ['S3', '2. Klipper, MetalLB, kube-vip'],
    predicted: ['true', 'it announces what a Service names'],
    setUp: 'kube-vip',
    here: { is: 'a Service that names none', of: {} },
    twin: { is: 'one that names an address', shows: 'control', of: { 'kube-vip.io/loadbalancerIPs': '3' } },
    ask: async (rig: Rig, annotations: Readonly<Record<string, string>>) => {
      const named = Object.entries(annotations).map(([key, nth]) => [key, freeAddress(rig, Number(nth))]);
      const found = await givenWithin(rig, Object.fromEntries(named));
      return seen(found.length === 0, found.join(', ') || `none after ${GIVEN_WITHIN_MS / 1000} s`);
    },
  }),
  clusterClaim({
    id: 'A100b',
    sentence: 'kube-vip-cloud-provider gives Services addresses of a pool, and is a controller.',
    stands: ['ledger', 'kube-vip-cloud-provider'],
    predicted: ['true', 'of the ConfigMap kubevip'],
    setUp: 'kube-vip-pool',
    here: { is: 'with it', of: {} },
    twin: { is: 'kube-vip alone', shows: 'control', setUp: 'kube-vip', of: {} },
    ask: async (rig: Rig, annotations: Readonly<Record<string, string>>) => {
      const found = await givenWithin(rig, annotations);
      return seen(found.length > 0, found.join(', ') || `none after ${GIVEN_WITHIN_MS / 1000} s`);
    },
  }),
  measuredClaim({
    id: 'A101',
    sentence: 'When the address moves, connections go on.',
    stands: ['S3', '2. Klipper, MetalLB, kube-vip'],
    predicted: ['false', 'the new node knows nothing of them: they are reset, or hang'],
    here: { is: 'the announcing node killed, the app’s pod alive', of: WITH_ENDPOINT },
    twin: {
      is: 'the announcing node cut off from the API, whereupon the address stays',
      shows: 'control',
      of: { scenario: 'cut-the-announcer-from-the-api', cell: { loadBalancer: 'metallb-l2' } },
    },
    ask: ({ milestones = [], probes = [], headline }: KeptVerdict) => {
      if (!probes.some(({ probe }) => probe === 'edge-stream')) throw new Error('that run had no long-lived stream');
      const broken = milestones.find(({ what }) => /^stream (abandoned|reset|closed)/.test(what));
      const saw = broken ? `${broken.what}: ${broken.detail}` : 'edge-stream went on';
      return seen(broken === undefined, `${saw}. ${headline}`);
    },
  }),
  untestable({
    id: 'A102',
    sentence: 'kube-vip is lighter than MetalLB, and as fast.',
    stands: ['S3', '4. Performance and resources'],
    predicted: ['true', 'both only attract traffic; kube-proxy carries it'],
    reason:
      'the same processors carry both, and requests pass neither; how soon they take over: docs/evidence/compare-load-balancers',
  }),
  untestable({
    id: 'A103',
    sentence: 'kube-vip beside ServiceLB takes nodes’ own addresses.',
    stands: ['ledger', 'kube-vip #1288'],
    predicted: ['true', 'it falls back to the addresses in the status, which are the nodes’'],
    reason: 'a run with two load balancers is refused before anything is booted',
  }),
  untestable({
    id: 'A123',
    sentence: 'One node: Klipper; three VMs and one Ingress: kube-vip; many Services: MetalLB; AWS: its own.',
    stands: ['S3', '3. By environment'],
    predicted: ['not testable here', 'advice; the comparison of load balancers has the figures for it'],
    reason: 'it is advice: see the comparison in docs/evidence/compare-load-balancers',
  }),
];
