/** Kills what runs in one pod, its sandbox apart: the pod keeps its name and its address, and kubelet starts it again. */
import { done, notYet, waitFor } from '@faultline/control';
import { kubectlOf, type Kubectl } from '../kubernetes.ts';
import { processesOfPod } from '../processes.ts';
import { isDead } from '../table-owner.ts';
import type { Act } from './act.ts';

const SELECTORS: Readonly<Record<string, string>> = {
  app: 'app.kubernetes.io/name=userlist',
  ingress: 'app.kubernetes.io/name=traefik',
  dns: 'k8s-app=kube-dns',
};

/** The first restart comes at once, the second after 10 s, then 20. */
const BACK_MS = 60_000;

export const podAct: Act = {
  keepsDataPlane: true,

  async survey(scene) {
    const { node, plan, signal } = scene;
    const what = String(plan.parameters['pod']);
    const pods = await podsOf(kubectlOf(scene), what, signal);
    const pod = pods.find(({ spec }) => spec.nodeName === node.name);
    if (pod) return { uid: pod.metadata.uid, restarts: restartsOf(pod) };
    const elsewhere = pods.map(({ spec }) => spec.nodeName ?? 'no node').join(', ') || 'nowhere';
    throw new Error(`no pod of the ${what} runs on ${node.name}. They run on: ${elsewhere}`);
  },

  async prepare(scene, memory) {
    const { engine, node, plan, signal } = scene;
    const kubectl = kubectlOf(scene);
    const uid = String(memory['uid']);
    const victims = await processesOfPod(node.side, uid, { signal });
    if (victims.length === 0) throw new Error(`nothing runs in the pod ${uid} of ${node.name}`);
    const fate = async (asked?: AbortSignal) => {
      const pods = await podsOf(kubectl, String(plan.parameters['pod']), asked);
      return fateOf(
        pods.find(({ metadata }) => metadata.uid === uid),
        Number(memory['restarts']),
      );
    };
    let isStruck = false;
    const heal = async () => {
      if (!isStruck || (await isDead(engine, node.side.container))) return;
      await waitFor(
        'the pod is ready again',
        async (until) => {
          const { isBack, detail } = await fate(until);
          return isBack ? done(undefined) : notYet(detail);
        },
        { withinMs: BACK_MS, everyMs: 250 },
      );
    };
    return {
      async strike() {
        isStruck = true;
        const pids = victims.map(({ pid }) => String(pid));
        await node.side.exec(['kill', '-KILL', ...pids], { signal, accept: [0, 1] });
      },
      async prove(proveSignal) {
        const now = await processesOfPod(node.side, uid, { signal: proveSignal });
        const left = victims.filter(({ pid }) => now.some((process) => process.pid === pid));
        const names = victims.map(({ name, pid }) => `${name} ${pid}`).join(', ');
        const { detail } = await fate(proveSignal);
        const isGone = left.length === 0;
        return {
          state: isGone,
          effect: isGone,
          detail: `${names} ${isGone ? 'is gone' : 'is still there'}; ${detail}`,
        };
      },
      heal,
      async proveGone() {
        if (await isDead(engine, node.side.container))
          return { state: true, effect: null, detail: 'the node is gone, and there is nothing to wait for' };
        const { isBack, detail } = await fate();
        return { state: isBack, effect: null, detail };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  undo: async () => 'there is nothing to undo: kubelet starts it again',
};

interface Pod {
  readonly metadata: { readonly uid: string; readonly name: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly ready: boolean }[];
  };
}

async function podsOf(kubectl: Kubectl, what: string, signal?: AbortSignal): Promise<readonly Pod[]> {
  const argv = ['get', 'pods', '--all-namespaces', `--selector=${SELECTORS[what]}`, '--output=json'];
  const { items } = JSON.parse(await kubectl(argv, { ...(signal && { signal }) })) as { items: readonly Pod[] };
  return items.filter(({ status }) => status.phase === 'Running');
}

const restartsOf = ({ status }: Pod): number =>
  (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

/** A pod that is no more was replaced by another, which is not this fault's to wait for. */
export function fateOf(pod: Pod | undefined, before: number): { readonly isBack: boolean; readonly detail: string } {
  if (!pod) return { isBack: true, detail: 'the pod was taken away' };
  const restarts = restartsOf(pod) - before;
  const isReady = pod.status.containerStatuses?.every(({ ready }) => ready) ?? false;
  const detail = `${pod.metadata.name} was restarted ${restarts} times and is ${isReady ? '' : 'not '}ready`;
  return { isBack: restarts > 0 && isReady, detail };
}
