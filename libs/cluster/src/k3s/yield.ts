/** The announcer lets go of the address in an orderly way: where it was elected by a lease, which its graceful end releases. */
import { readFile } from 'node:fs/promises';
import { CoreV1Api, PatchStrategy, setHeaderOptions, type KubeConfig } from '@kubernetes/client-node';
import { done, notYet, waitFor } from '@faultline/control';
import type { Cluster, ClusterNode } from '../cluster.ts';
import { DAEMON_SET } from '../load-balancer/kube-vip/daemon-set.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { untilComponentReady } from './load-balancer.ts';

/** A standby asks every 1 to 2.2 retry periods of at most 2 s, and answers on the wire within 3 s more. */
const WITHIN = 30_000;

type Where = Pick<Cluster, 'plan' | 'kubeconfig' | 'virtualAddress' | 'announcer'>;

/**
 * Returns when another machine answers for the address, and this one stands for election again.
 * @throws Error where nobody is elected by a lease; DeadlineError
 */
export async function yieldAddress(
  node: Pick<ClusterNode, 'name'>,
  cluster: Where,
  { signal }: { signal?: AbortSignal },
): Promise<void> {
  const { plan, virtualAddress, kubeconfig } = cluster;
  if (plan.spec.loadBalancer !== 'kube-vip-arp' || !virtualAddress || !kubeconfig) {
    throw new Error(`${node.name} cannot let go of the address: ${REASONS[plan.spec.loadBalancer]}`);
  }
  const config = loadKubeconfig(await readFile(kubeconfig, 'utf8'));
  await letGo(config, node.name, () => untilAnother(node.name, cluster, virtualAddress, signal));
  await untilComponentReady(DAEMON_SET, plan.nodes.length, { config, signal, withinMs: WITHIN });
}

const REASONS = {
  servicelb: 'with servicelb every node answers at its own, and none is elected',
  'metallb-l2':
    'with metallb-l2 the hash of its name decides, and no election. Next: strike it, and the next hash takes it',
  'kube-vip-arp': 'the cluster has no virtual address',
  keepalived: 'with keepalived the priority decides, and no election. Next: strike it, and the other machine takes it',
} as const;

/**
 * Ends kube-vip on the node, and lets it come back when the act is through. Without the taint it came back at once, asked for
 * the lease before anybody else did, and had it again (seen).
 */
async function letGo(config: KubeConfig, node: string, act: () => Promise<void>): Promise<void> {
  const { namespace, name } = DAEMON_SET;
  const core = config.makeApiClient(CoreV1Api);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => taint(core, node, false));
  await taint(core, node, true);
  const { items } = await core.listNamespacedPod({
    namespace,
    labelSelector: `app.kubernetes.io/name=${name}`,
    fieldSelector: `spec.nodeName=${node}`,
  });
  for (const { metadata } of items) await core.deleteNamespacedPod({ namespace, name: metadata?.name ?? '' });
  await act();
}

const TAINT = 'faultline/yields';

/** Kubernetes replaces the whole list: what was read is written back with ours, unless somebody else was faster. */
async function taint(core: CoreV1Api, name: string, wanted: boolean): Promise<void> {
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await waitFor(
    `${name} ${wanted ? 'keeps' : 'takes'} new pods of kube-vip ${wanted ? 'out' : 'in'}`,
    async () => {
      const { metadata, spec } = await core.readNode({ name });
      const others = (spec?.taints ?? []).filter(({ key }) => key !== TAINT);
      const taints = wanted ? [...others, { key: TAINT, effect: 'NoSchedule' }] : others;
      const { resourceVersion } = metadata ?? {};
      await core.patchNode({ name, body: { metadata: { resourceVersion }, spec: { taints } } }, merge);
      return done(undefined);
    },
    { withinMs: 10_000 },
  );
}

async function untilAnother(name: string, cluster: Where, address: string, signal?: AbortSignal): Promise<void> {
  await waitFor(
    `another machine than ${name} answers for ${address}`,
    async (until) => {
      const holder = await cluster.announcer(address, { signal: until });
      if (!holder) return notYet('nobody answers');
      return holder.name === name ? notYet(`${name} answers`) : done(undefined);
    },
    { signal, withinMs: WITHIN, everyMs: 200 },
  );
}
