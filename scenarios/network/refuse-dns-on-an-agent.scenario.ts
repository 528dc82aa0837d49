/**
 * Refuse DNS to one agent and its pods, and to all that it forwards, with ICMP and resets as a firewall that rejects does.
 *
 * Names are lost there and addresses are not: what has its address already goes on. Where that agent runs CoreDNS, it is lost
 * to all.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'refuse-dns-on-an-agent',
  why: 'Without DNS what was connected stays connected, and what has to look up is lost.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'dns-refused', target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'dns', lost: 'of-target' }] },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
