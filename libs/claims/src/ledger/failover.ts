/** What dies, and who notices when: read from scenarios that were measured. */
import { measuredClaim, seen, type Claim } from '../claim.ts';
import { checkOf, type KeptVerdict } from '../kept.ts';

export const failover: readonly Claim[] = [
  measuredClaim({
    id: 'A56',
    sentence: 'With 8472/udp blocked on a node, pods reach none on other nodes, while every node stays Ready.',
    stands: ['S0', 'Port requirements'],
    predicted: ['true', 'nothing in Flannel looks whether a tunnel works, and the lease goes over 6443'],
    here: { is: 'the backend vxlan', of: { scenario: 'block-vxlan', cell: { backend: 'vxlan' } } },
    twin: {
      is: 'the backend host-gw, which needs no tunnel',
      shows: 'control',
      of: { scenario: 'block-vxlan', cell: { backend: 'host-gw' } },
    },
    ask: (verdict: KeptVerdict) => {
      const reach = verdict.checks.find(({ check }) => check.startsWith('reachability'));
      const [cut = 0, pairs = 0] = (reach?.reason.match(/\d+/g) ?? []).map(Number);
      const isReady = checkOf(verdict, 'nodes-ready').outcome === 'pass';
      return seen(
        cut > 0 && isReady,
        `${cut} of ${pairs} pairs of nodes were cut off; ${checkOf(verdict, 'nodes-ready').reason}`,
      );
    },
  }),
];
