/** What Kubernetes says of the nodes of a k3s cluster: their pod networks, and what Flannel published of each. */
import { readFile } from 'node:fs/promises';
import { CoreV1Api, type V1Node, type V1Pod } from '@kubernetes/client-node';
import { loadKubeconfig } from '../k3s/kubeconfig.ts';
import type { NodeFacts } from './golden.ts';

const PUBLISHED = 'flannel.alpha.coreos.com/backend-data';

export async function factsOfKubernetes(kubeconfig: string): Promise<readonly NodeFacts[]> {
  const core = loadKubeconfig(await readFile(kubeconfig, 'utf8')).makeApiClient(CoreV1Api);
  const [nodes, pods] = await Promise.all([core.listNode(), core.listPodForAllNamespaces()]);
  return nodes.items.map((node) => factsOf(node, pods.items));
}

export function factsOf({ metadata, spec, status }: V1Node, pods: readonly V1Pod[]): NodeFacts {
  const name = metadata?.name ?? '';
  const data = JSON.parse(metadata?.annotations?.[PUBLISHED] || '{}') as {
    VtepMAC?: string;
    PublicKey?: string;
  } | null;
  return {
    name,
    address: status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? 'no address',
    podSubnet: spec?.podCIDR ?? 'no pod network',
    vtepMac: data?.VtepMAC?.toLowerCase() ?? null,
    publicKey: data?.PublicKey ?? null,
    hasPods: pods.some((pod) => pod.spec?.nodeName === name && hasAddress(pod)),
  };
}

/** An address of its own, and not that of its node. A pod that ends has given it back, or is about to. */
const hasAddress = ({ metadata, spec, status }: V1Pod): boolean =>
  status?.phase === 'Running' && !spec?.hostNetwork && !metadata?.deletionTimestamp && Boolean(status.podIP);
