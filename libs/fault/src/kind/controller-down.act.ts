/** Scales the Ingress controller to nothing. How many there were is in the ledger, so that anyone can bring them back. */
import { kubectlOf, undoBy, type Kubectl } from '../kubernetes.ts';
import type { Act } from './act.ts';

/** As k3s installs it. */
const NAME = 'traefik';
const IN = '--namespace=kube-system';
/** More than anyone has: what a ledger says is bounded as what a scenario says. */
const MOST = 100;

export const controllerAct: Act = {
  keepsDataPlane: true,

  async survey(scene) {
    const { signal } = scene;
    const kubectl = kubectlOf(scene);
    const replicas = await wanted(kubectl, signal);
    if (replicas === 0) throw new Error(`the Ingress controller is down already: Deployment ${NAME} wants 0 replicas`);
    if (replicas !== undefined) return { replicas };
    const daemons = await kubectl(['get', 'daemonset', NAME, IN, '--ignore-not-found', '--output=name'], { signal });
    throw new Error(
      daemons.trim()
        ? `${NAME} runs as a DaemonSet, one pod a node, and cannot be scaled. Allowed: as a Deployment. Next: --controller default`
        : `there is no Deployment ${NAME} in kube-system: nothing to take away`,
    );
  },

  async prepare(scene, { replicas = 1 }) {
    const { signal } = scene;
    const kubectl = kubectlOf(scene);
    const heal = () => scale(kubectl, Number(replicas));
    return {
      strike: () => scale(kubectl, 0, signal),
      async prove(proveSignal) {
        const now = await wanted(kubectl, proveSignal);
        const left = await serving(kubectl, proveSignal);
        const endpoints = left.length > 0 ? `still served by ${left.join(', ')}` : 'its Service has no endpoint';
        return { state: now === 0, effect: left.length === 0, detail: `wants ${now} replicas, ${endpoints}` };
      },
      heal,
      async proveGone() {
        const now = await wanted(kubectl);
        return { state: now === replicas, effect: null, detail: `wants ${now} replicas, as before: ${replicas}` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  undo: (engine, intent) =>
    undoBy(engine, intent, async (kubectl) => {
      const replicas = intent.memory?.['replicas'];
      if (!Number.isInteger(replicas) || Number(replicas) < 1 || Number(replicas) > MOST)
        return `refused: ${String(replicas)} is no number of replicas`;
      await scale(kubectl, Number(replicas));
      return `scaled to ${replicas} again`;
    }),
};

async function scale(kubectl: Kubectl, replicas: number, signal?: AbortSignal): Promise<void> {
  await kubectl(['scale', 'deployment', NAME, IN, `--replicas=${replicas}`], { ...(signal && { signal }) });
}

/** Replicas that the Deployment is to have; undefined: there is none. */
async function wanted(kubectl: Kubectl, signal?: AbortSignal): Promise<number | undefined> {
  const argv = ['get', 'deployment', NAME, IN, '--ignore-not-found', '--output=json'];
  const json = await kubectl(argv, { ...(signal && { signal }) });
  return json.trim() ? (JSON.parse(json) as { spec: { replicas: number } }).spec.replicas : undefined;
}

interface Slice {
  /** Null when there is none any more (seen). */
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions: { readonly ready?: boolean; readonly serving?: boolean };
      }[]
    | null;
}

/** Where no endpoint is ready, kube-proxy still uses one that is ending and serves: it counts. */
export async function serving(kubectl: Kubectl, signal: AbortSignal): Promise<readonly string[]> {
  const argv = ['get', 'endpointslices', IN, `--selector=kubernetes.io/service-name=${NAME}`, '--output=json'];
  const { items } = JSON.parse(await kubectl(argv, { signal })) as { items: readonly Slice[] };
  return items
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions: { ready, serving: serves } }) => ready !== false || serves === true)
    .flatMap(({ addresses }) => addresses);
}
