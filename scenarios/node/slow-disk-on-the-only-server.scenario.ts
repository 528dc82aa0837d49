/**
 * A disk of 512 kB a second under the only server, as a worn SD card has.
 *
 * With 100 kB a second the journal of the disk that all nodes and the engine share stood still for 26 s: that is the host's
 * trouble and no longer one node's.
 *
 * The datastore waits for it, and the API with the datastore. Nodes are not declared NotReady within a minute, and what
 * serves does not write to a disk.
 */
import { defineScenario, server } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'slow-disk-on-the-only-server',
  why: 'The commonest complaint about k3s on small machines is the disk.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge', 'api'],
  faults: [{ kind: 'disk-slow', parameters: { kbps: 512 }, target: server(0), lasting: '60s' }],
  settleWithin: '2m',
  expect: [{ checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 }] }],
});
