/**
 * Something else has 8472/udp when a node starts.
 *
 * With vxlan the kernel cannot open the tunnel's socket: Flannel fails, k3s ends, and is started again every 5 s until the
 * squatter leaves. The pods of that node are not there, and a third of the requests is lost until its endpoints are gone. It
 * was predicted to become NotReady; seen is that kubelet renews the node's lease in each of those short lives, and the node
 * stays Ready. With host-gw nobody wants the port: what is lost is what a reboot costs.
 */
import { defineScenario, nodeWithEndpoint } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'squat-on-vxlan-before-start',
  why: 'A second overlay, or a hypervisor, on 8472 keeps a node out after its next reboot, and not before.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge', 'api'],
  faults: [
    {
      kind: 'squat-port',
      parameters: { protocol: 'udp', port: 8472, when: 'before-start' },
      // Not where the Ingress controller is: whoever loses that one loses all, whatever took the port.
      target: nodeWithEndpoint(),
      lasting: '75s',
    },
  ],
  settleWithin: '2m',
  expect: [
    { when: { backend: 'vxlan' }, checks: [{ check: 'nodes-ready', butTarget: true }] },
    { when: { backend: 'host-gw' }, checks: [{ check: 'nodes-ready', butTarget: false }] },
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.4 },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
