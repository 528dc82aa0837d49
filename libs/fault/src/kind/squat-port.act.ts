/**
 * A listener of ours on a port of the node.
 *
 * `before-start`: the node is killed and started again, and held before anything of it runs (cluster's isolate.ts) until the
 * squatter listens. Its side-car dies with it and is started again; the squatter lives there.
 */
import { HOLD_FILE } from '@faultline/cluster/plan';
import { containerCommander, done, isAlready, notYet, waitFor, type Commander, type Engine } from '@faultline/control';
import { startAgain } from '../machine.ts';
import { GRACE_MS } from '../spec.ts';
import { answersAt, endSquatters, holdersOf, isDenied, startSquatter, type Port, type Squatter } from '../squatter.ts';
import { isDead } from '../table-owner.ts';
import type { Act, Scene } from './act.ts';

/** A container that was killed is started again in a second; a host that boots a cluster takes its time. */
const UP_MS = 30_000;

export const squatAct: Act = {
  keepsDataPlane: true,

  async survey({ node, plan, signal }) {
    const port = portOf(plan.parameters);
    const holders = await holdersOf(node.side, port, { signal });
    if (isBefore(plan.parameters) || holders.length === 0) return {};
    throw new Error(
      `${port.port}/${port.protocol} of ${node.name} is in use: by ${holders.map(({ name }) => name).join(', ')}. ` +
        'What is there first keeps it. Allowed: a free port, or when: before-start',
    );
  },

  async prepare(scene) {
    const { engine, node, plan, witness, signal } = scene;
    const port = portOf(plan.parameters);
    const ttlMs = plan.lastingMs + GRACE_MS + UP_MS;
    const begin = () => startSquatter(engine, node.side, { fault: plan.id, ttlMs, ...port }, signal);
    // Where the node lives on, nothing but the listening itself is left for the strike.
    let squatter: Squatter | undefined = isBefore(plan.parameters) ? undefined : await begin();
    let isHeld = false;
    const heal = async () => {
      await squatter?.[Symbol.asyncDispose]();
      if (isHeld) await letGo(engine, node.container, node);
    };
    return {
      async strike() {
        if (squatter) return await squatter.listen(signal);
        isHeld = true;
        await startHeld(scene);
        squatter = await begin();
        await squatter.listen(signal);
        await letGo(engine, node.container, node);
      },
      async prove(proveSignal) {
        const pid = squatter?.pid;
        const holders = await holdersOf(node.side, port, { signal: proveSignal });
        const isOurs = holders.some((holder) => holder.pid === pid);
        const isTaken = await isDenied(node.side, port, proveSignal);
        const who = isOurs ? 'the squatter' : holders.map(({ name }) => name).join(', ') || 'nobody';
        const answer = await answersAt(witness, node.address, port, plan.id, proveSignal);
        const others = isTaken ? 'nobody else is given it' : 'it is free to take';
        const detail = `${port.port}/${port.protocol} is held by ${who}, ${others}; ${answer}`;
        return { state: isOurs, effect: isTaken, detail: `${detail}${await devicesOf(node.side, port, proveSignal)}` };
      },
      heal,
      async proveGone() {
        if (await isDead(engine, node.side.container))
          return { state: true, effect: null, detail: 'the side-car is gone, and it with it' };
        const isLeft = (await holdersOf(node.side, port)).some(({ pid }) => pid === squatter?.pid);
        return { state: !isLeft, effect: null, detail: `the squatter ${isLeft ? 'still holds' : 'has left'} the port` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  async undo(engine, { fault, node, container, side, parameters }) {
    const sideCar = { ...containerCommander(engine, side, `${node} (side-car)`), container: side };
    if (!(await isDead(engine, side))) await endSquatters(sideCar, fault);
    if (!isBefore(parameters)) return 'the squatter was ended';
    await letGo(engine, container, containerCommander(engine, container, node));
    return 'the squatter was ended, and the node let go';
  },
};

type Parameters = Scene['plan']['parameters'];

const portOf = ({ protocol, port }: Parameters): Port => ({
  protocol: protocol === 'udp' ? 'udp' : 'tcp',
  port: Number(port),
});

const isBefore = ({ when }: Parameters): boolean => when === 'before-start';

const hold = (node: Pick<Commander, 'copyIn'>, content: string) => node.copyIn([{ path: HOLD_FILE, content }]);

/** The node runs again, as far as its network; and so does its side-car, which shares that. */
async function startHeld({ engine, node, signal }: Scene): Promise<void> {
  await hold(node, 'held\n');
  const side = engine.getContainer(node.side.container);
  const before = (await side.inspect()).State.StartedAt;
  await engine.getContainer(node.container).kill({ signal: 'SIGKILL' }).catch(unlessDead);
  await startAgain(engine, node.container);
  await waitFor(
    `the side-car of ${node.name} runs again`,
    async () => {
      const { State } = await side.inspect();
      if (State.Running && State.StartedAt !== before) return done(undefined);
      await side.start().catch(unlessDead);
      return notYet(State.Status);
    },
    { signal, withinMs: UP_MS },
  );
}

/** Idempotent: emptied, the file holds nobody; and a node that is down is started. */
async function letGo(engine: Engine, container: string, node: Pick<Commander, 'copyIn'>): Promise<void> {
  await hold(node, '');
  await startAgain(engine, container);
}

/** Dead already, or running already: the engine says so, and it is as it should be. */
function unlessDead(error: unknown): void {
  if (!isAlready(error)) throw error;
}

/** What the kernel made of it where the overlay's port is taken: a device that is down, or none. */
async function devicesOf(side: Commander, { protocol }: Port, signal: AbortSignal): Promise<string> {
  if (protocol !== 'udp') return '';
  const { stdout } = await side.exec(['ip', '-brief', 'link', 'show', 'type', 'vxlan'], { signal });
  const devices = stdout.split('\n').flatMap((line) => /^(\S+)\s+(\S+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
  return `; VXLAN devices: ${devices.join(', ') || 'none'}`;
}
