/** Takes the LAN interface down and up again in turn. The turns are the harness', so they end with it, and the supervisor leaves it up. */
import { elapse, type Commander } from '@faultline/control';
import { ANSWER_MS, ip, linkState } from '../routes.ts';
import { isDead } from '../table-owner.ts';
import type { Act } from './act.ts';
import type { Memory } from './change.act.ts';
import { comeUp, untilRouted } from './link.ts';
import { linkDownAct } from './link-down.act.ts';

export const linkFlapAct: Act = {
  ...linkDownAct,

  async prepare({ engine, node, plan }, memory) {
    const { side } = node;
    const { downMs, upMs } = plan.parameters;
    const flapping = new AbortController();
    let turns: Promise<void> = Promise.resolve();
    let broken: unknown;
    let before = await losses(side, memory);
    const heal = async () => {
      flapping.abort();
      await turns;
      if (!(await isDead(engine, side.container))) await comeUp(side, memory);
    };
    return {
      async strike() {
        await ip(side, [`link set dev ${memory['device']} down`]);
        const times = { downMs: Number(downMs), upMs: Number(upMs), signal: flapping.signal };
        // Why it stopped is for `prove` to say; healing must not stop with it.
        turns = flap(side, memory, times).catch((error: unknown) => void (broken = error));
      },
      async prove() {
        const now = await losses(side, memory);
        const times = now - before;
        before = now;
        const detail = `carrier of ${memory['device']} lost ${times} times`;
        if (broken instanceof Error) return { state: false, effect: times > 0, detail: `${detail}, ${broken.message}` };
        return { state: !flapping.signal.aborted, effect: times > 0, detail };
      },
      heal,
      async proveGone() {
        if (await isDead(engine, side.container))
          return { state: true, effect: null, detail: 'the node is gone, and it with it' };
        const settled = await untilRouted(side, memory);
        const { isUp } = await linkState(side, String(memory['device']));
        return { state: isUp, effect: null, detail: `${memory['device']} is ${isUp ? 'up' : 'down'}, ${settled}` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },
};

interface Turns {
  readonly downMs: number;
  readonly upMs: number;
  readonly signal: AbortSignal;
}

/** Ends when it is aborted, at whatever turn it is. */
async function flap(side: Commander, memory: Memory, { downMs, upMs, signal }: Turns): Promise<void> {
  const over = async (ms: number) =>
    await elapse(ms, signal).then(
      () => false,
      () => true,
    );
  for (;;) {
    if (await over(downMs)) return;
    await comeUp(side, memory);
    if (await over(upMs)) return;
    await ip(side, [`link set dev ${memory['device']} down`]);
  }
}

/** The kernel's own count. */
async function losses(side: Commander, { device }: Memory): Promise<number> {
  const { stdout } = await side.exec(['cat', `/sys/class/net/${device}/carrier_down_count`], { timeoutMs: ANSWER_MS });
  return Number(stdout);
}
