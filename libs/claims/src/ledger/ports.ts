/** Ports, nodes and what runs beside them. */
import { clusterClaim, measuredClaim, seen, untestable, type Claim } from '../claim.ts';
import type { KeptVerdict } from '../kept.ts';
import type { PodPlace, Rig } from '../rig.ts';
import { dropIncoming, guard } from './firewall.ts';

interface Port {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** Who listens on the first server's own address, or on all. */
async function listening(rig: Rig, ports: readonly Port[]): Promise<readonly Port[]> {
  const text = await rig.exec({ at: rig.server.side }, [
    'ss',
    '--listening',
    '--tcp',
    '--udp',
    '--numeric',
    '--no-header',
  ]);
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  return ports.filter(({ protocol, port }) =>
    lines.some(
      ([proto, , , , local = '']) => proto === protocol && local.endsWith(`:${port}`) && !local.startsWith('127.'),
    ),
  );
}

const said = (ports: readonly Port[]): string => ports.map(({ protocol, port }) => `${port}/${protocol}`).join(', ');

const tcp = (port: number): Port => ({ protocol: 'tcp', port });
const udp = (port: number): Port => ({ protocol: 'udp', port });

interface Node {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly taints?: readonly { readonly key: string }[] };
  readonly status: { readonly addresses: readonly { readonly type: string; readonly address: string }[] };
}

export const ports: readonly Claim[] = [
  clusterClaim({
    id: 'A44',
    sentence: 'k3s’ cloud controller gives a node its address from --node-ip, and takes the uninitialized taint off.',
    stands: ['S1', 'Deploying an external cloud controller manager'],
    predicted: ['true', 'ExternalIP likewise, where --node-external-ip was given'],
    setUp: 'default',
    here: { is: 'InternalIP', of: 'InternalIP' },
    twin: { is: 'ExternalIP, which was not given', shows: 'control', of: 'ExternalIP' },
    ask: async (rig: Rig, type: string) => {
      const nodes = await rig.list<Node>('nodes');
      const good = nodes.filter(
        ({ metadata, spec, status }) =>
          status.addresses.some((one) => one.type === type && one.address === rig.node(metadata.name).address) &&
          !(spec.taints ?? []).some(({ key }) => key.includes('uninitialized')),
      );
      return seen(
        good.length === nodes.length,
        `${good.length} of ${nodes.length} nodes have their ${type}, and no such taint`,
      );
    },
  }),
  clusterClaim({
    id: 'A72',
    sentence: 'A k3s server uses the ports 6443/tcp, 8472/udp, 10250/tcp, 51820/udp and 51821/udp.',
    stands: ['S0', 'Port requirements'],
    predicted: ['true with a limit', '51820 and 51821 only with wireguard-native'],
    setUp: 'default',
    here: { is: '6443, 8472 and 10250', of: [tcp(6443), udp(8472), tcp(10_250)] },
    twin: { is: 'the backend vxlan, as to 51820 and 51821', shows: 'limit', of: [udp(51_820), udp(51_821)] },
    ask: async (rig: Rig, wanted: readonly Port[]) => {
      const there = await listening(rig, wanted);
      return seen(there.length === wanted.length, `of ${said(wanted)} there is ${said(there) || 'none'}`);
    },
  }),
  clusterClaim({
    id: 'A73',
    sentence: 'The ports in the ufw and firewalld examples are enough.',
    stands: ['S0', 'Port requirements'],
    predicted: ['false', '10.42.0.0/16 and 10.43.0.0/16 have to be let in as well'],
    setUp: 'default',
    alone: true,
    here: { is: 'an agent that lets in and on what the examples name, and drops the rest', of: [] },
    twin: { is: 'and both networks let in', shows: 'control', of: ['10.42.0.0/16', '10.43.0.0/16'] },
    ask: async (rig: Rig, networks: readonly string[]) => {
      const [inside] = await rig.pods('inside', ['agent-1']);
      const [outside] = await rig.pods('outside', ['agent-0']);
      if (!inside || !outside) throw new Error('no two pods');
      await guard(rig, 'agent-1', networks);
      const reach = async (from: PodPlace, to: PodPlace) =>
        (await rig.asked(`http://${to.address}:8181/healthz`, { from: from.where })).status;
      const [out, back] = [await reach(inside, outside), await reach(outside, inside)];
      return seen(out === '200' && back === '200', `a pod there to one elsewhere: ${out}; and back: ${back}`);
    },
  }),
  measuredClaim({
    id: 'A74',
    sentence: 'An agent that cannot reach 6443 goes on serving what it served.',
    stands: ['S0', 'Port requirements'],
    predicted: ['true', 'the data plane needs no API'],
    here: {
      is: '6443 blocked on the announcing agent',
      of: { scenario: 'cut-the-announcer-from-the-api', cell: { loadBalancer: 'metallb-l2' } },
    },
    twin: { is: '8472 blocked instead', shows: 'control', of: { scenario: 'block-vxlan', cell: { backend: 'vxlan' } } },
    ask: (verdict: KeptVerdict) => seen(/clients lost none/i.test(verdict.headline), verdict.headline),
  }),
  clusterClaim({
    id: 'A76',
    sentence: 'etcd’s ports blocked on one of three servers cost nothing, and on all of them the API.',
    stands: ['S0', 'Port requirements'],
    predicted: ['true', 'two of three are a quorum'],
    setUp: 'ha',
    alone: true,
    here: { is: 'one of three servers', of: ['server-2'] },
    twin: { is: 'all three', shows: 'control', of: ['server-0', 'server-1', 'server-2'] },
    ask: async (rig: Rig, nodes: readonly string[]) => {
      const create = ['create', 'configmap', rig.name, '--namespace=default', '--request-timeout=10s'];
      rig.defer(() => rig.said('delete', 'configmap', rig.name, '--namespace=default', '--ignore-not-found'));
      for (const node of nodes) await dropIncoming(rig, node, '2379-2380');
      // An election takes a few seconds, and then there is a leader or none.
      await rig.watch(12_000);
      const { exitCode, text } = await rig.said(...create);
      return seen(exitCode === 0, `12 s later something is written: ${text.split('\n')[0]}`);
    },
  }),
  untestable({
    id: 'A109',
    sentence: 'From outside, the NodePort is shut by the firewall, and port 80 is open.',
    stands: ['S4', '4) Access'],
    predicted: ['not testable here', 'it is a rule of that cloud, not of k3s'],
    reason: 'it is a rule of that cloud’s firewall',
  }),
  untestable({
    id: 'A110',
    sentence: 'k3s is one binary of less than 100 MB.',
    stands: ['S4', '(2) k3s'],
    predicted: ['true', 'some 70 to 80 MB'],
    reason:
      'it is about the file that one downloads; a node’s image holds it unpacked (/bin/k3s of v1.33.3+k3s1: 241.6 MB)',
  }),
];
