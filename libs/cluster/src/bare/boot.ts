/** The substrate `bare`: the data plane of k3s without Kubernetes. Never passed off as k3s. */
import { onAll } from '@faultline/control';
import type { Substrate } from '../site.ts';
import { bareNode } from './config.ts';
import { machineVersions, startMachine, untilRuns } from './machine.ts';

export const bare: Substrate = {
  async boot(plan, site) {
    const start = (node: (typeof plan.nodes)[number]) =>
      startMachine(node, bareNode(plan, site.lan.subnet, node.name), site);
    const nodes = await onAll(plan.nodes, start);
    return { nodes, kubeconfig: undefined, versions: await machineVersions(nodes, site) };
  },

  untilUp: (node, _cluster, options) => untilRuns(node, options),

  async yieldAddress(node) {
    throw new Error(
      `${node.name} cannot let go of the address on bare: VRRP elects by priority, and the living node with the highest ` +
        'holds it. Next: strike the node (node-kill), and the next in priority takes it',
    );
  },
};
