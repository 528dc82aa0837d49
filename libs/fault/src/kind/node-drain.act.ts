/** Drains the node by kubectl, as people do. Healing uncordons it; the pods stay where they went. */
import { DirtyNodeError } from '../clean.ts';
import { kubectlOf, undoBy, type Kubectl } from '../kubernetes.ts';
import type { Act } from './act.ts';

/** How long pods may take to go, and kubectl a little longer, to say which did not. */
const DRAIN = ['--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=60s'] as const;
const DRAIN_MS = 75_000;

export const drainAct: Act = {
  keepsDataPlane: true,

  async survey(scene) {
    const { node, signal } = scene;
    const kubectl = kubectlOf(scene);
    if (node.role === 'balancer')
      throw new Error(
        `${node.name} stands in front of the cluster: it is no node of Kubernetes, and cannot be drained`,
      );
    // Uncordoning would undo what somebody else did.
    if (await isCordoned(kubectl, node.name, signal)) throw new DirtyNodeError(node.name, 'it is cordoned');
    return {};
  },

  async prepare(scene) {
    const { node, signal } = scene;
    const kubectl = kubectlOf(scene);
    const heal = async () => void (await kubectl(['uncordon', node.name]));
    return {
      strike: async () => void (await kubectl(['drain', node.name, ...DRAIN], { signal, timeoutMs: DRAIN_MS })),
      async prove(proveSignal) {
        const cordoned = await isCordoned(kubectl, node.name, proveSignal);
        const left = await evictable(kubectl, node.name, proveSignal);
        const pods = left.length > 0 ? `still on it: ${left.join(', ')}` : 'no pod but those of DaemonSets is on it';
        return { state: cordoned, effect: left.length === 0, detail: `${cordoned ? '' : 'not '}cordoned, ${pods}` };
      },
      heal,
      async proveGone() {
        const cordoned = await isCordoned(kubectl, node.name);
        return { state: !cordoned, effect: null, detail: cordoned ? 'still cordoned' : 'pods may be scheduled on it' };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  undo: (engine, intent) =>
    undoBy(engine, intent, async (kubectl) => (await kubectl(['uncordon', intent.node])).trim()),
};

async function isCordoned(kubectl: Kubectl, node: string, signal?: AbortSignal): Promise<boolean> {
  const json = await kubectl(['get', 'node', node, '--output=json'], { ...(signal && { signal }) });
  return (JSON.parse(json) as { spec: { unschedulable?: boolean } }).spec.unschedulable === true;
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly status: { readonly phase?: string };
}

/** Names of the pods on the node that a drain takes away: not those of DaemonSets, not the kubelet's own, not ended ones. */
export async function evictable(kubectl: Kubectl, node: string, signal: AbortSignal): Promise<readonly string[]> {
  const argv = ['get', 'pods', '--all-namespaces', `--field-selector=spec.nodeName=${node}`, '--output=json'];
  const { items } = JSON.parse(await kubectl(argv, { signal })) as { items: readonly Pod[] };
  return items
    .filter(({ metadata: { ownerReferences, annotations }, status: { phase } }) => {
      const stays = ownerReferences?.some(({ kind }) => kind === 'DaemonSet') ?? false;
      const mirrored = annotations?.['kubernetes.io/config.mirror'] !== undefined;
      return !stays && !mirrored && phase !== 'Succeeded' && phase !== 'Failed';
    })
    .map(({ metadata }) => metadata.name);
}
