/** Flannel: links, MTU, files, and what lies outside what one host can show. */
import { clusterClaim, seen, untestable, type Claim } from '../claim.ts';
import type { Rig } from '../rig.ts';
import { service, whoAmI } from './objects.ts';

const NO_WIREGUARD = 'the kernel at hand has no WireGuard';

const linksOf = async (rig: Rig): Promise<readonly string[]> => {
  const links = JSON.parse(await rig.exec({ at: rig.server.side }, ['ip', '-json', 'link'])) as { ifname: string }[];
  return links.map(({ ifname }) => ifname);
};

/** One ping from a pod to one on another node, that must not be fragmented; the payload is the MTU less 28. */
async function passes(rig: Rig, mtu: number): Promise<boolean> {
  const [here, there] = await rig.pods('mtu', ['server-0', 'agent-0']);
  if (!here || !there) throw new Error('no two pods');
  const ping = ['ping', '-c', '1', '-W', '2', '-M', 'do', '-s', String(mtu - 28), there.address];
  return await rig.exec(here.where, ping).then(
    () => true,
    () => false,
  );
}

/** Whose address each pod saw when another one asked it: directly, or through a NodePort. */
async function peersSeen(rig: Rig, how: 'pod' | 'nodePort'): Promise<{ same: number; of: number; example: string }> {
  const pods = await rig.pods('nat', ['server-0', 'agent-0', 'agent-1']);
  const namespace = { namespace: rig.namespace };
  const spec = {
    type: 'NodePort',
    selector: { app: 'nat' },
    ports: [{ port: 80, targetPort: 8181, nodePort: 30_055 }],
  };
  if (how === 'nodePort') await rig.apply(service('a55', spec, namespace));
  const pairs = pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => ({ from, to })));
  const saw: { from: string; remote: string }[] = [];
  for (const { from, to } of pairs) {
    const url = how === 'pod' ? `http://${to.address}:8181` : `http://${rig.node(to.node).address}:30055`;
    const ask = () => rig.asked(`${url}/whoami`, { from: from.where });
    const answer = await rig.until('200', 15_000, ask, ({ status }) => status === '200');
    saw.push({ from: from.address, remote: whoAmI(answer).remoteAddress });
  }
  const other = saw.find(({ from, remote }) => from !== remote) ?? saw[0];
  const same = saw.filter(({ from, remote }) => from === remote).length;
  return { same, of: saw.length, example: `${other?.from} was seen as ${other?.remote}` };
}

export const flannel: readonly Claim[] = [
  untestable({
    id: 'A49',
    sentence: 'The backend wireguard needs the kernel’s module.',
    stands: ['S0', 'Flannel backends'],
    predicted: ['true', 'Flannel has no other implementation'],
    reason: `${NO_WIREGUARD}, and its twin needs one that has`,
  }),
  clusterClaim({
    id: 'A50',
    sentence: 'Flannel’s link on a node is flannel.1, and that of the pods cni0.',
    stands: ['S0', 'Flannel backends'],
    predicted: ['true with a limit', 'host-gw has no link, only routes'],
    setUp: 'default',
    here: { is: 'the backend vxlan', of: ['flannel.1', 'cni0'] },
    twin: { is: 'the backend host-gw', shows: 'limit', setUp: 'host-gw', of: ['flannel.1', 'cni0'] },
    ask: async (rig: Rig, names: readonly string[]) => {
      const links = await linksOf(rig);
      return seen(
        names.every((name) => links.includes(name)),
        links.filter((name) => !name.startsWith('veth')).join(', '),
      );
    },
  }),
  clusterClaim({
    id: 'A51',
    sentence: 'Pods have an MTU of 1450.',
    stands: ['ledger', 'Flannel, encapOverhead'],
    predicted: ['true with a limit', '50 less than the node’s with vxlan, nothing less with host-gw'],
    setUp: 'default',
    here: { is: 'the backend vxlan', of: 1450 },
    twin: { is: 'the backend host-gw', shows: 'limit', setUp: 'host-gw', of: 1450 },
    ask: async (rig: Rig, mtu: number) => {
      const told = await rig.exec({ at: rig.server.side }, ['cat', '/proc/1/root/run/flannel/subnet.env']);
      const says = /FLANNEL_MTU=(\d+)/.exec(told)?.[1];
      const [fits, more] = [await passes(rig, mtu), await passes(rig, mtu + 1)];
      const saw = `FLANNEL_MTU=${says}; between nodes ${mtu} ${fits ? 'passes' : 'does not'}, ${mtu + 1} ${more ? 'passes' : 'does not'}`;
      return seen(fits && !more, saw);
    },
  }),
  clusterClaim({
    id: 'A54',
    sentence: 'The CNI’s configuration lies in /etc/cni/net.d.',
    stands: ['S2', '1.2.5 CNI commands'],
    predicted: ['false', 'in k3s below /var/lib/rancher/k3s/agent'],
    setUp: 'default',
    here: { is: '/etc/cni/net.d', of: '/etc/cni/net.d' },
    twin: {
      is: '/var/lib/rancher/k3s/agent/etc/cni/net.d',
      shows: 'control',
      of: '/var/lib/rancher/k3s/agent/etc/cni/net.d',
    },
    ask: async (rig: Rig, folder: string) => {
      const { exitCode, stdout, stderr } = await rig.server.exec(['ls', folder], { signal: rig.signal, accept: 'any' });
      return seen(exitCode === 0 && stdout.includes('conflist'), (stdout || stderr).trim() || 'empty');
    },
  }),
  clusterClaim({
    id: 'A55',
    sentence: 'Pods reach each other by their own addresses, across nodes, without NAT.',
    stands: ['S2', '1.1 Principles'],
    predicted: ['true', 'in all six directions of three nodes'],
    setUp: 'default',
    here: { is: 'a pod’s address', of: 'pod' },
    twin: { is: 'a NodePort, which is masqueraded', shows: 'control', of: 'nodePort' },
    ask: async (rig: Rig, how: 'pod' | 'nodePort') => {
      const { same, of, example } = await peersSeen(rig, how);
      return seen(same === of, `${same} of ${of} saw the pod that asked; ${example}`);
    },
  }),
  untestable({
    id: 'A58',
    sentence: 'Calico runs on k3s with flannel-backend none and VXLANCrossSubnet as shown.',
    stands: ['S0', 'A CNI of one’s own (Calico)'],
    predicted: ['true with a limit', 'containerIPForwarding: Enabled has to be added'],
    reason: 'its images are not at hand; docs/cni/calico.md says how to run it with --cni',
  }),
  untestable({
    id: 'A59',
    sentence: 'Cilium runs on k3s with ipam.mode=kubernetes.',
    stands: ['S0', 'A CNI of one’s own (Cilium)'],
    predicted: ['true with a limit', 'in containers bpffs and cgroup2 have to be mounted first'],
    reason: 'its images are not at hand; docs/cni/cilium.md says how to run it with --cni',
  }),
];
