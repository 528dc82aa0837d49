/** What a bare node is told to be: a pure function of the plan and the subnet. */
import { backends } from '../backend/index.ts';
import type { PodRoute } from '../backend/backend.ts';
import { BRIDGE, POD_NETWORK } from '../golden/pod-network.ts';
import { keepalivedConfig, priorityOf } from '../load-balancer/keepalived.ts';
import { virtualHostOf } from '../plan-cluster.ts';
import type { ClusterPlan, NodePlan } from '../spec.ts';
import { addressIn } from '../subnet.ts';
import type { MachineFiles } from './machine.ts';
import type { Argv } from './node/config.ts';

export function bareNode(plan: ClusterPlan, subnet: string, name: string): MachineFiles {
  const index = plan.nodes.findIndex((one) => one.name === name);
  const routes = plan.nodes.map((node) => routeOf(node, subnet));
  const self = routes[index];
  const host = virtualHostOf(plan, subnet);
  if (!self || host === null) throw new Error(`${name} is no node of a bare plan`);
  const backend = backends[plan.spec.backend];
  const gateway = addressIn(self.podSubnet, 1);
  return {
    node: {
      name,
      setup: [
        ...isolatedPodNetwork,
        ...bridge(gateway, backend.podMtu),
        ...backend.bareSetup(self, routes.toSpliced(index, 1)),
      ],
      pods: { bridge: BRIDGE, gateway, prefix: 24, mtu: backend.podMtu },
    },
    keepalived: keepalivedConfig({
      name,
      priority: priorityOf(index),
      first: index === 0,
      virtualAddress: addressIn(subnet, host),
    }),
  };
}

function routeOf(node: NodePlan, subnet: string): PodRoute {
  if (node.podSubnet === null)
    throw new Error(`${node.name} has no pod subnet in the plan: on bare every node has one`);
  return { address: addressIn(subnet, node.host), podSubnet: node.podSubnet };
}

/** A pod address that no node has goes nowhere, as on k3s where nobody masquerades it out. */
const isolatedPodNetwork: readonly Argv[] = [
  ['sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=1'],
  ['ip', 'route', 'replace', 'unreachable', POD_NETWORK],
];

function bridge(gateway: string, mtu: number): readonly Argv[] {
  return [
    ['ip', 'link', 'add', BRIDGE, 'mtu', String(mtu), 'type', 'bridge'],
    ['ip', 'address', 'add', `${gateway}/24`, 'dev', BRIDGE],
    ['ip', 'link', 'set', BRIDGE, 'up'],
  ];
}
