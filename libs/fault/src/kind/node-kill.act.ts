/** Kills the node's container by SIGKILL. Its namespaces go with it: the LAN loses it as if its power were cut. */
import { askLan } from '../lan.ts';
import { bringBack, startAgain } from '../machine.ts';
import type { Act, Prepared, Scene } from './act.ts';

export const killAct: Act = {
  keepsDataPlane: false,

  async survey({ engine, node }) {
    return { startedAt: (await engine.getContainer(node.container).inspect()).State.StartedAt };
  },

  async prepare({ engine, node, plan, witness }: Scene): Promise<Prepared> {
    const container = engine.getContainer(node.container);
    const restart = plan.parameters['restart'] !== false;
    const isRunning = async () => (await container.inspect()).State.Running;
    const heal = async () => void (restart && (await startAgain(engine, node.container)));
    return {
      strike: async () => void (await container.kill({ signal: 'SIGKILL' })),
      async prove(signal) {
        const running = await isRunning();
        const { silent, detail } = await askLan(witness, node.address, signal);
        return {
          state: !running,
          effect: silent,
          detail: `container is ${running ? 'still running' : 'dead'}, ${detail}`,
        };
      },
      async look() {
        const running = await isRunning();
        return { state: !running, detail: `container is ${running ? 'still running' : 'dead'}` };
      },
      heal,
      async proveGone() {
        if (!restart) return { state: true, effect: null, detail: 'left dead, as the plan says (restart: false)' };
        const running = await isRunning();
        return { state: running, effect: null, detail: `container is ${running ? 'running again' : 'still dead'}` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  /** Whether the cluster is one to keep is not known here: the doctor removes it afterwards, if it is not. */
  async undo(engine, { container, parameters, memory = {} }) {
    if (parameters['restart'] === false) return 'left dead, as the plan says';
    const { startedAt } = memory;
    return startedAt === undefined ? startAgain(engine, container) : bringBack(engine, container, String(startedAt));
  },
};
