/**
 * Faults that change the network of a node itself: an interface, a route, a queue, an entry. Nothing takes that back when we
 * die, so what must be restored is looked up and stands in the ledger before the deed, and restoring knows nothing else.
 */
import { containerCommander, type Commander } from '@faultline/control';
import type { FaultParameters } from '../spec.ts';
import { isDead } from '../table-owner.ts';
import type { Act, Proof, Scene } from './act.ts';

export type Memory = FaultParameters;

export interface InForce {
  readonly inForce: boolean;
  readonly detail: string;
}

export interface Change {
  /** @returns all that the deed and its undoing need. @throws Error where it makes no sense here, with the reason. */
  survey(scene: Scene): Promise<Memory>;
  strike(side: Commander, memory: Memory, signal: AbortSignal): Promise<void>;
  /** Read back from the kernel. */
  look(side: Commander, memory: Memory): Promise<InForce>;
  /** What it does to packets. */
  seen(scene: Scene, memory: Memory, signal: AbortSignal): Promise<Pick<Proof, 'effect' | 'detail'>>;
  /** Everything as it was, by the memory alone, for nobody may be there to wait for anybody. Idempotent. @returns what it did. */
  restore(side: Commander, memory: Memory): Promise<string>;
  /** Heals as the world would, and leaves to others what is theirs to bring back; `restore` unless told. */
  heal?(side: Commander, memory: Memory): Promise<unknown>;
  /** Waits until the others have, and says so; what they do not bring, it restores. */
  settle?(side: Commander, memory: Memory): Promise<string>;
}

export function changeAct(change: Change): Act {
  return {
    keepsDataPlane: true,
    survey: (scene) => change.survey(scene),

    async prepare(scene, memory) {
      const { engine, node, signal } = scene;
      const { side } = node;
      const gone = () => isDead(engine, side.container);
      const heal = async () => void ((await gone()) || (await (change.heal ?? change.restore)(side, memory)));
      return {
        strike: () => change.strike(side, memory, signal),
        async prove(proveSignal) {
          const { inForce, detail } = await change.look(side, memory);
          const { effect, detail: sight } = await change.seen(scene, memory, proveSignal);
          return { state: inForce, effect, detail: `${detail}, ${sight}` };
        },
        async look() {
          const { inForce, detail } = await change.look(side, memory);
          return { state: inForce, detail };
        },
        heal,
        async proveGone() {
          if (await gone()) return { state: true, effect: null, detail: 'the node is gone, and it with it' };
          const settled = await change.settle?.(side, memory);
          const { inForce, detail } = await change.look(side, memory);
          return { state: !inForce, effect: null, detail: settled ? `${detail}, ${settled}` : detail };
        },
        [Symbol.asyncDispose]: heal,
      };
    },

    async undo(engine, { side, node, memory = {} }) {
      const strange = Object.entries(memory).find(([, value]) => !isPlain(value));
      if (strange) return `refused: ${strange[0]} is ${JSON.stringify(strange[1])}, which no survey says`;
      if (await isDead(engine, side)) return 'the side-car is gone, and it with it';
      return await change.restore(containerCommander(engine, side, `${node} (side-car)`), memory);
    },
  };
}

/** Names, addresses, numbers and the words of `ip`: a ledger is data, and what becomes a command is looked at. */
const PLAIN = /^[a-zA-Z0-9.:/ \n_-]*$/;

const isPlain = (value: string | number | boolean): boolean =>
  typeof value === 'string' ? PLAIN.test(value) && !/^-| -/m.test(value) : true;
