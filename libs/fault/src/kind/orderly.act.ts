/**
 * What a stop and a reboot have in common: the first process is told to end, and the node is started again when it did.
 *
 * Telling is the deed. How long the node then takes to go down is part of what is measured, and not of the injection.
 */
import { bringBack, startAgain, untilStopped } from '../machine.ts';
import { askLan } from '../lan.ts';
import type { Act, Proof } from './act.ts';

/** A node whose goodbyes take longer is killed. k3s has some seconds, and everything else 10 s after it. */
const DOWN_MS = 60_000;

export function orderlyAct({ comesBack }: { readonly comesBack: boolean }): Act {
  return {
    keepsDataPlane: false,

    async survey({ engine, node }) {
      return { startedAt: (await engine.getContainer(node.container).inspect()).State.StartedAt };
    },

    async prepare({ engine, node, witness }, { startedAt }) {
      const container = engine.getContainer(node.container);
      let struckAt: number | undefined;
      let reboot: Promise<string> | undefined;
      const back = async (): Promise<string> => {
        if (!(await untilStopped(engine, node.container, DOWN_MS))) await container.kill({ signal: 'SIGKILL' });
        return await startAgain(engine, node.container);
      };
      const heal = async () => void (struckAt !== undefined && (await (reboot ?? back())));
      return {
        async strike() {
          await container.kill({ signal: 'SIGTERM' });
          struckAt = performance.now();
          if (!comesBack) return;
          reboot = back();
          // Whoever heals hears of what went wrong.
          reboot.catch(() => {});
        },
        async prove(signal): Promise<Proof> {
          const { State } = await container.inspect();
          const isNew = State.StartedAt !== startedAt;
          if (comesBack && isNew)
            return { state: true, effect: true, detail: `went down, and was started again at ${State.StartedAt}` };
          const { silent, detail } = await askLan(witness, node.address, signal);
          const fate = State.Running ? 'is still going down' : `is down, with exit code ${State.ExitCode}`;
          return { state: !State.Running, effect: silent, detail: `container ${fate}, ${detail}` };
        },
        heal,
        async proveGone() {
          const { State } = await container.inspect();
          const isUp = State.Running && State.StartedAt !== startedAt;
          return { state: isUp, effect: null, detail: `container is ${isUp ? 'running again' : State.Status}` };
        },
        [Symbol.asyncDispose]: heal,
      };
    },

    undo: (engine, { container, memory = {} }) => bringBack(engine, container, String(memory['startedAt'])),
  };
}
