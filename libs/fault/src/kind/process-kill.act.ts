/** Kills the processes of one name, all at once. There is nothing to undo: healing waits until one of that name runs again. */
import { done, notYet, waitFor } from '@faultline/control';
import { named, processesOf, type Process } from '../processes.ts';
import { isDead } from '../table-owner.ts';
import type { Act, Scene } from './act.ts';

/**
 * A kubelet waits 10 s before it starts a container again, then 20, then 40. k3s ends with its containerd, and the next was
 * there after 58 s on a host that was busy with others (seen).
 */
const BACK_MS = 120_000;

export const processAct: Act = {
  keepsDataPlane: true,

  async prepare({ engine, node, plan, signal }) {
    const name = String(plan.parameters['process']);
    const before = await victims(node, name, signal);
    const pids = before.map(({ pid }) => pid);
    const others = async (asked?: AbortSignal) => {
      const now = named(await processesOf(node.side, { ...(asked && { signal: asked }) }), name);
      return { left: now.filter(({ pid }) => pids.includes(pid)), back: now.filter(({ pid }) => !pids.includes(pid)) };
    };
    let struckAt: number | undefined;
    const heal = async () => {
      if (struckAt === undefined || (await isDead(engine, node.side.container))) return;
      await waitFor(
        `${name} runs again on ${node.name}`,
        async (until) => ((await others(until)).back.length > 0 ? done(undefined) : notYet('none runs')),
        { withinMs: BACK_MS, everyMs: 200 },
      );
    };
    return {
      async strike() {
        struckAt = performance.now();
        // 1: one of them had just ended by itself. Which are gone is for the proof to say.
        await node.side.exec(['kill', '-KILL', ...pids.map(String)], { signal, accept: [0, 1] });
      },
      async prove(proveSignal) {
        const { left, back } = await others(proveSignal);
        const gone = left.length === 0;
        const fate = gone ? `${name} ${pids.join(', ')} is gone` : `${name} ${list(left)} is still there`;
        return { state: gone, effect: gone, detail: `${fate}; ${again(back, struckAt)}` };
      },
      heal,
      async proveGone() {
        if (await isDead(engine, node.side.container))
          return { state: true, effect: null, detail: 'the node is gone, and there is nothing to wait for' };
        const { back } = await others();
        return { state: back.length > 0, effect: null, detail: again(back, struckAt) };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  undo: async () => 'there is nothing to undo: whoever keeps it running starts it again',
};

/** @throws Error where none of that name runs, or it cannot be killed, with what to do instead. */
async function victims(
  { name: node, side }: Scene['node'],
  name: string,
  signal: AbortSignal,
): Promise<readonly Process[]> {
  const all = await processesOf(side, { signal });
  const found = named(all, name);
  if (found.length === 0) {
    const names = [...new Set(all.map((each) => each.name))].toSorted().join(', ');
    throw new Error(`no process ${name} runs on ${node}. Those that do: ${names}`);
  }
  if (found.some(({ pid }) => pid === 1))
    throw new Error(`${name} is the first process of ${node}, which nobody in it can kill. Next: node-kill`);
  return found;
}

const list = (processes: readonly Process[]): string => processes.map(({ pid }) => pid).join(', ');

/** To the second: a process knows its age no better. */
function again(back: readonly Process[], struckAt: number | undefined): string {
  if (back.length === 0) return 'none runs again';
  const oldest = Math.max(...back.map(({ age }) => age));
  const after = Math.max(0, Math.round((performance.now() - (struckAt ?? 0)) / 1000) - oldest);
  return `${list(back)} runs again, started some ${after} s after`;
}
