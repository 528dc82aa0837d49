/** What a bare node is told to be: a pure function of the plan and the subnet. */
import { backends } from '../backend/index.ts';
import type { PodRoute } from '../backend/backend.ts';
import { addressIn } from '../lan.ts';
import { keepalivedConfig } from '../load-balancer/keepalived.ts';
import type { ClusterPlan, NodePlan } from '../spec.ts';
import type { Argv, NodeConfig } from './node/config.ts';

const BRIDGE = 'cni0';

/** The pod network of the whole cluster: k3s' default. */
const POD_NETWORK = '10.42.0.0/16';

export interface BareNodeFiles {
  readonly node: NodeConfig;
  readonly keepalived: string;
}

export function bareNode(plan: ClusterPlan, subnet: string, name: string): BareNodeFiles {
  const index = plan.nodes.findIndex((one) => one.name === name);
  const routes = plan.nodes.map((node) => routeOf(node, subnet));
  const self = routes[index];
  if (!self || plan.virtualHost === null) throw new Error(`${name} is no node of a bare plan`);
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
    keepalived: keepalivedConfig({ name, index, virtualAddress: addressIn(subnet, plan.virtualHost) }),
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
