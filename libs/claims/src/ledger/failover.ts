/** What dies, and who notices when: read from scenarios that were measured. */
import { measuredClaim, open, seen, type Claim } from '../claim.ts';
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
  open({
    id: 'A114',
    sentence: 'A rollout of the app loses no request.',
    stands: ['ledger', 'Traefik, terminating endpoints'],
    predicted: ['true with a limit', 'not where the app leaves at once at SIGTERM'],
    setUp: 'default',
    plan: 'kubectl rollout restart under 50 requests a second: lost ones',
    twin: { is: 'DRAIN_MS=0' },
  }),
  open({
    id: 'A120',
    sentence: 'A headless Service goes on naming a pod whose node has died.',
    stands: ['S2', '8.1 Headless Service'],
    predicted: ['true', 'until the node is NotReady, 40 to 55 s later'],
    setUp: 'changed',
    plan: 'an agent killed: how long does its pod stand in DNS?',
    twin: { is: 'the pod deleted' },
  }),
];
