/** Empties the connection tracking table. There is nothing to undo: it fills with what comes. */
import type { Commander } from '@faultline/control';
import { ANSWER_MS } from '../routes.ts';
import type { Act } from './act.ts';

export const conntrackFlushAct: Act = {
  keepsDataPlane: true,

  async prepare({ node: { side }, signal }) {
    const before = await count(side);
    let after: number | undefined;
    return {
      async strike() {
        await side.exec(['conntrack', '--flush'], { signal });
        after = await count(side);
      },
      async prove() {
        const done = after !== undefined;
        const detail = `connections tracked: ${before} before, ${after ?? 'not flushed'} right after, ${await count(side)} now`;
        return { state: done, effect: done && before > 0 ? (after ?? 0) < before : done ? null : false, detail };
      },
      heal: async () => {},
      async proveGone() {
        return { state: true, effect: null, detail: `there is nothing to undo; ${await count(side)} are tracked` };
      },
      [Symbol.asyncDispose]: async () => {},
    };
  },

  undo: async () => 'there is nothing to undo: the table fills again by itself',
};

async function count(side: Commander): Promise<number> {
  return Number((await side.exec(['conntrack', '--count'], { timeoutMs: ANSWER_MS })).stdout);
}
