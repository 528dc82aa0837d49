/** The announcer lets go of the address in an orderly way: where it was elected by a lease, which its graceful end releases. */
import { readFile } from 'node:fs/promises';
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { done, notYet, waitFor } from '@faultline/control';
import type { Cluster, ClusterNode } from '../cluster.ts';
import { DAEMON_SET } from '../load-balancer/kube-vip/daemon-set.ts';
import { loadKubeconfig } from './kubeconfig.ts';

/** A standby asks every 1 to 2.2 retry periods of at most 2 s, and answers on the wire within 3 s more. */
const WITHIN = 30_000;

/** Returns when another machine answers for the address. @throws Error where nobody is elected by a lease; DeadlineError */
export async function yieldAddress(
  node: Pick<ClusterNode, 'name'>,
  cluster: Pick<Cluster, 'plan' | 'kubeconfig' | 'virtualAddress' | 'announcer'>,
  { signal }: { signal?: AbortSignal },
): Promise<void> {
  const { loadBalancer } = cluster.plan.spec;
  const { virtualAddress, kubeconfig } = cluster;
  if (loadBalancer !== 'kube-vip-arp' || !virtualAddress || !kubeconfig) {
    throw new Error(`${node.name} cannot let go of the address: ${REASONS[loadBalancer]}`);
  }
  const config = loadKubeconfig(await readFile(kubeconfig, 'utf8'));
  const told = new Set<string>();
  await waitFor(
    `another machine than ${node.name} answers for ${virtualAddress}`,
    async (until) => {
      const holder = await cluster.announcer(virtualAddress, { signal: until });
      if (holder && holder.name !== node.name) return done(undefined);
      // A new pod on the same node stands for election like every other, and may win: it is told to go as well.
      if (holder) await endPod(config, node.name, told);
      return notYet(holder ? `${node.name} answers` : 'nobody answers');
    },
    { signal, withinMs: WITHIN, everyMs: 200 },
  );
}

const REASONS = {
  servicelb: 'with servicelb every node answers at its own, and none is elected',
  'metallb-l2':
    'with metallb-l2 the hash of its name decides, and not an election. Next: drain the node, or cut it from its peers',
  'kube-vip-arp': 'the cluster has no virtual address',
  keepalived:
    'with keepalived the priority decides, and not an election. Next: strike the machine, and the other takes it',
} as const;

async function endPod(config: KubeConfig, node: string, told: Set<string>): Promise<void> {
  const { namespace, name } = DAEMON_SET;
  const core = config.makeApiClient(CoreV1Api);
  const { items } = await core.listNamespacedPod({
    namespace,
    labelSelector: `app.kubernetes.io/name=${name}`,
    fieldSelector: `spec.nodeName=${node}`,
  });
  for (const { metadata } of items) {
    if (!metadata?.name || !metadata.uid || told.has(metadata.uid)) continue;
    told.add(metadata.uid);
    await core.deleteNamespacedPod({ namespace, name: metadata.name });
  }
}
