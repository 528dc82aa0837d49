/** Freezes the node by the engine's pause, which is the control group's freezer: its side-car goes on. */
import { readFile } from 'node:fs/promises';
import { done, isAlready, isMissing, notYet, waitFor, type Engine } from '@faultline/control';
import type { Act, Prepared, Scene } from './act.ts';

const FREEZE_MS = 10_000;

export const pauseAct: Act = {
  keepsDataPlane: true,

  async prepare({ engine, node }: Scene): Promise<Prepared> {
    const container = engine.getContainer(node.container);
    const { State } = await container.inspect();
    return {
      strike: () => freeze(engine, node.name, node.container),
      async prove() {
        const { Paused } = (await container.inspect()).State;
        const { frozen, detail } = await freezer(State.Pid);
        return { state: Paused, effect: frozen, detail: `container is ${Paused ? '' : 'not '}paused, ${detail}` };
      },
      async look() {
        const { Paused } = (await container.inspect()).State;
        return { state: Paused, detail: `container is ${Paused ? '' : 'not '}paused` };
      },
      heal: async () => void (await unpause(engine, node.container)),
      async proveGone() {
        const { Paused, Running } = (await container.inspect()).State;
        return {
          state: Running && !Paused,
          effect: null,
          detail: `container is ${Paused ? 'paused' : Running ? 'running' : 'dead'}`,
        };
      },
      [Symbol.asyncDispose]: async () => void (await unpause(engine, node.container)),
    };
  },

  undo: (engine, { container }) => unpause(engine, container),
};

/**
 * On a busy host with control groups of version 1 the freezer may miss a process that is just being born: runc then
 * thaws all and says "unable to freeze" (seen). Asked again it works, and the time that took is in the interval.
 */
async function freeze(engine: Engine, name: string, id: string): Promise<void> {
  const container = engine.getContainer(id);
  const refusal = await waitFor<unknown>(
    `${name} is frozen`,
    async () => {
      const error: unknown = await container.pause().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return /unable to freeze/i.test(String(error)) ? notYet(String(error)) : done(error);
    },
    { withinMs: FREEZE_MS },
  );
  if (refusal) throw refusal;
}

async function unpause(engine: Engine, id: string): Promise<string> {
  const container = engine.getContainer(id);
  try {
    const { State } = await container.inspect();
    if (!State.Paused) return 'was not paused';
    await container.unpause();
    return 'unpaused';
  } catch (error) {
    if (isMissing(error)) return 'container is gone';
    // Somebody else unpaused it in between: asked again, the engine says so.
    if (isAlready(error) && !(await container.inspect()).State.Paused) return 'was not paused';
    throw error;
  }
}

/** Reads the freezer of a process' control group, of either version. @param pid as the host numbers it. */
async function freezer(pid: number): Promise<{ frozen: boolean | null; detail: string }> {
  try {
    const groups = (await readFile(`/proc/${pid}/cgroup`, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(':'));
    const legacy = groups.find(([, controllers]) => controllers?.split(',').includes('freezer'));
    if (legacy) {
      const state = (await readFile(`/sys/fs/cgroup/freezer${legacy[2]}/freezer.state`, 'utf8')).trim();
      return { frozen: state === 'FROZEN', detail: `its control group's freezer.state is ${state}` };
    }
    const unified = groups.find(([hierarchy]) => hierarchy === '0');
    const frozen = /^frozen 1$/m.test(await readFile(`/sys/fs/cgroup${unified?.[2]}/cgroup.events`, 'utf8'));
    return { frozen, detail: `its control group is ${frozen ? '' : 'not '}frozen` };
  } catch (error) {
    // The engine may be on another machine, or below another mount of the control groups.
    const reason = error instanceof Error ? error.message : String(error);
    return { frozen: null, detail: `its control group cannot be read from here (${reason})` };
  }
}
