/**
 * The end of k3s on a node that lives on. There is nothing to undo: the keeper (libs/cluster, k3s/keeper.ts) starts it
 * again, as systemd does on a machine, and healing waits until it is up.
 */
import { K3S_PID_FILE } from '@faultline/cluster/plan';
import { done, notYet, waitFor, type Commander } from '@faultline/control';
import { kubectlOf, kubectlOn } from '../kubernetes.ts';
import { named, processesOf, type Process } from '../processes.ts';
import { isDead } from '../table-owner.ts';
import type { Act, Scene } from './act.ts';

/** A server on two busy cores takes some 20 s. */
const BACK_MS = 120_000;
const ANSWER_MS = 5_000;

/** Of kubelet and of kube-proxy, which is in step with the Services then. */
const HEALTH = ['http://127.0.0.1:10248/healthz', 'http://127.0.0.1:10256/healthz'] as const;
const SHIM = 'containerd-shim-runc-v2';

/** @param deed the command that does it, by the number of the k3s process. */
export function k3sAct(deed: (k3s: number) => readonly string[]): Act {
  return {
    keepsDataPlane: true,

    async survey(scene) {
      kubectlOf(scene);
      return { pid: await k3sOn(scene.node, scene.signal) };
    },

    async prepare({ engine, node, signal }, memory) {
      const pid = Number(memory['pid']);
      const shims = named(await processesOf(node.side, { signal }), SHIM);
      let isStruck = false;
      const heal = async () => {
        if (!isStruck || (await isDead(engine, node.side.container))) return;
        await waitFor(`k3s is up again on ${node.name}`, (until) => upAgain(engine, node, pid, until), {
          withinMs: BACK_MS,
          everyMs: 250,
        });
      };
      return {
        async strike() {
          isStruck = true;
          await node.side.exec([...deed(pid)], { signal });
        },
        async prove(proveSignal) {
          const all = await processesOf(node.side, { signal: proveSignal });
          const isGone = all.every((process) => process.pid !== pid);
          const now = await k3sOn(node, proveSignal).catch(() => pid);
          const fate = isGone ? `k3s ${pid} is gone` : `k3s ${pid} is still there`;
          const next = now === pid ? 'none runs again' : `${now} runs again, ${ageOf(all, now)}`;
          return { state: isGone, effect: isGone, detail: `${fate}; ${next}; ${survivors(shims, all)}` };
        },
        heal,
        async proveGone() {
          if (await isDead(engine, node.side.container))
            return { state: true, effect: null, detail: 'the node is gone, and there is nothing to wait for' };
          const now = await k3sOn(node);
          return { state: now !== pid, effect: null, detail: `k3s ${now} runs in the place of ${pid}` };
        },
        [Symbol.asyncDispose]: heal,
      };
    },

    undo: async () => 'there is nothing to undo: the node starts k3s again by itself',
  };
}

/** The number of the k3s process, as its keeper has it. @throws Error where there is none. */
async function k3sOn({ name, role, side }: Scene['node'], signal?: AbortSignal): Promise<number> {
  if (role === 'balancer') throw new Error(`${name} stands in front of the cluster: no k3s runs on it`);
  const path = `/proc/1/root${K3S_PID_FILE}`;
  const { stdout } = await side.exec(['cat', path], { timeoutMs: ANSWER_MS, ...(signal && { signal }) });
  const pid = Number(stdout.trim());
  if (!Number.isInteger(pid) || pid < 2) throw new Error(`${name} has no k3s: ${path} says "${stdout.trim()}"`);
  return pid;
}

async function upAgain(engine: Scene['engine'], node: Scene['node'], before: number, signal: AbortSignal) {
  if ((await k3sOn(node, signal)) === before) return notYet('its keeper has not started another');
  for (const url of HEALTH) await answers(node.side, url, signal);
  if (node.role === 'server')
    await kubectlOn(engine, [node.container])(['get', '--raw=/readyz'], { signal, timeoutMs: ANSWER_MS });
  return done(undefined);
}

const answers = (side: Commander, url: string, signal: AbortSignal) =>
  side.exec(['curl', '--silent', '--show-error', '--fail', '--max-time', '2', '--output', '/dev/null', url], {
    signal,
  });

const ageOf = (all: readonly Process[], pid: number): string => {
  const age = all.find((process) => process.pid === pid)?.age;
  return age === undefined ? 'and has ended already' : `for ${age} s`;
};

function survivors(before: readonly Process[], now: readonly Process[]): string {
  const living = before.filter(({ pid }) => now.some((process) => process.pid === pid));
  return `${living.length} of ${before.length} pods live on`;
}
