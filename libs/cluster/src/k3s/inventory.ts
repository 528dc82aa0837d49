/** Which load balancers run in the cluster: not which were wished for, but what is there. */
import { AppsV1Api, CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { inventoryOf, type Inventory } from './inventory-of.ts';

export async function takeInventory(config: KubeConfig): Promise<Inventory> {
  const core = config.makeApiClient(CoreV1Api);
  const [sets, namespaces, nodes] = await Promise.all([
    config.makeApiClient(AppsV1Api).listDaemonSetForAllNamespaces(),
    core.listNamespace(),
    core.listNode(),
  ]);
  return inventoryOf({
    daemonSets: sets.items.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`),
    namespaces: namespaces.items.map(({ metadata }) => metadata?.name ?? ''),
    serverArguments: nodes.items.flatMap(({ metadata }) => metadata?.annotations?.['k3s.io/node-args'] ?? []),
  });
}
