/** Flannel and the nodes around: in other networks, and how fast they are reached. */
import { median } from '@faultline/checker';
import { measureThroughput, prepareThroughput, type PathEnd } from '@faultline/probe';
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { KubeObject, PodPlace, Rig } from '../rig.ts';

const ANNOTATION = 'flannel.alpha.coreos.com';

/** A Node that no machine stands behind, as Flannel announces one: the others make routes to it. */
const announced = (name: string, backend: string, address: string, podCIDR: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    annotations: {
      [`${ANNOTATION}/kube-subnet-manager`]: 'true',
      [`${ANNOTATION}/backend-type`]: backend,
      [`${ANNOTATION}/backend-data`]: backend === 'vxlan' ? '{"VNI":1,"VtepMAC":"02:00:00:00:00:52"}' : 'null',
      [`${ANNOTATION}/public-ip`]: address,
    },
  },
  spec: { podCIDR, podCIDRs: [podCIDR], unschedulable: true },
});

const [NEAR, FAR] = ['10.42.52.0/24', '10.42.53.0/24'];

const routeTo = (rig: Rig, network: string): Promise<string> =>
  rig.exec({ at: rig.server.side }, ['ip', 'route', 'show', network]);

type Target = PathEnd & { readonly address: string };

/** Gigabits a second that one TCP connection carries for a second. */
async function carried(rig: Rig, from: PathEnd, to: Target): Promise<number> {
  const { bytes, seconds } = await measureThroughput({ from, to, seconds: 1, signal: rig.signal });
  return (bytes * 8) / 1e9 / seconds;
}

const endOf = ({ where, address }: PodPlace): Target => ({
  commander: where.at,
  netns: `/proc/1/root${where.netns}`,
  address,
});

export const flannelPeers: readonly Claim[] = [
  clusterClaim({
    id: 'A52',
    sentence: 'host-gw needs nodes in one subnet.',
    stands: ['S0', 'Flannel backends'],
    predicted: ['true', 'its routes name the other node as gateway, and the kernel takes none that is elsewhere'],
    setUp: 'host-gw',
    here: { is: 'a node in another subnet, the backend host-gw', of: 'host-gw' },
    twin: { is: 'the same with vxlan', shows: 'control', setUp: 'default', of: 'vxlan' },
    ask: async (rig: Rig, backend: string) => {
      const near = rig.server.address.replace(/\d+$/, '99');
      await rig.apply(
        announced('claims-far', backend, '203.0.113.52', FAR),
        announced('claims-near', backend, near, NEAR),
      );
      // Flannel has heard of both when there is a route to the one beside it.
      await rig.until(
        'a route to the near one',
        20_000,
        () => routeTo(rig, NEAR),
        (text) => text !== '',
      );
      const ask = () => routeTo(rig, FAR);
      const route = await rig.until('a route', 5000, ask, (text) => text !== '').catch(ask);
      return seen(route === '', `to ${NEAR} behind ${near} there is a route; to the other: ${route.trim() || 'none'}`);
    },
  }),
  clusterClaim({
    id: 'A53',
    sentence: 'host-gw is faster than vxlan.',
    stands: ['S0', 'Flannel backends'],
    predicted: ['true', 'nothing is wrapped: pods are reached as fast as their nodes'],
    setUp: 'host-gw',
    alone: true,
    here: { is: 'host-gw: from pod to pod nearly as fast as from node to node', of: 0.8 },
    twin: { is: 'vxlan', shows: 'control', setUp: 'default', of: 0.8 },
    ask: async (rig: Rig, share: number) => {
      const [from, to] = await rig.pods('fast', ['agent-0', 'agent-1']);
      if (!from || !to) throw new Error('no two pods');
      const [near, far] = [rig.node('agent-0'), rig.node('agent-1')];
      await Promise.all([near, far].map(({ side }) => prepareThroughput(side, rig.signal)));
      const shares: number[] = [];
      // In turns: the host has other things to do, now more and now less.
      for (let turn = 0; turn < 5; turn++) {
        const nodes = await carried(rig, { commander: near.side }, { commander: far.side, address: far.address });
        shares.push((await carried(rig, endOf(from), endOf(to))) / nodes);
      }
      const percent = (of: number) => `${(100 * of).toFixed(0)} %`;
      const middle = median(shares) ?? 0;
      const saw = `pod to pod carries ${percent(middle)} of what node to node does (median of ${shares.map(percent).join(', ')})`;
      return seen(middle > share, saw);
    },
  }),
];
