/** A fault in force: looked at, proved, healed, and written down while it is. */
import { elapse, onAll } from '@faultline/control';
import type { ClusterNode } from '@faultline/cluster';
import type { History } from '@faultline/history';
import type { Prepared, Proof } from './kind/act.ts';
import type { LedgerWriter } from './ledger/file.ts';
import { lookAfter, lookAt, unseen, type Look, type Looked, type Scope } from './look.ts';
import type { FaultPlan } from './spec.ts';
import type { Turns } from './turns.ts';

export interface ActiveFault extends AsyncDisposable {
  readonly plan: FaultPlan;
  /** Names of the nodes that it was done to. */
  readonly nodes: readonly string[];
  /**
   * Asks the kernel whether it is in force, as planned and nowhere else, and whether it acted since it was last asked;
   * appends `fault.look` and `fault.prove`. May be asked repeatedly. @returns what it appended, of all nodes together.
   */
  prove(options?: { signal?: AbortSignal }): Promise<Proof>;
  /**
   * Undoes it, reads back that it is gone, and appends both. Idempotent. Not cut short by anything.
   * @throws Error when it is still in force: the supervisor and the doctor know of it.
   */
  heal(): Promise<void>;
}

export interface Struck {
  readonly name: string;
  readonly node: ClusterNode;
  readonly prepared: Prepared;
  /** The lines that it adds to the node's data plane; undefined: not known. */
  readonly footprint: readonly string[] | undefined;
}

/** Every question of a proof is answered by then. */
const PROVE_MS = 15_000;

/** How long after the injection it is looked at again, unscheduled by anybody: half of its time, and no later than this. */
const BETWEEN_MS = 10_000;

export interface Keeping extends Looked {
  readonly history: History;
  readonly ledger: LedgerWriter;
  readonly scope: Scope;
  readonly turn: Turns;
  /** Called once, when it is in force nowhere any more; the second after the last look. */
  readonly left: () => void;
  readonly gone: () => Promise<void>;
}

/** It is in force: from here on it is looked at, until it is healed. */
export function activeFault(keeping: Keeping): ActiveFault {
  const { plan, struck } = keeping;
  const ending = new AbortController();
  const looking = lookTwice(keeping, ending.signal);
  let healing: Promise<void> | undefined;
  const heal = () => {
    healing ??= (async () => {
      ending.abort();
      await looking;
      await keeping.turn(() => undo(keeping));
    })().catch((error: unknown) => {
      // Not undone: whoever asks again has it tried again.
      healing = undefined;
      throw error;
    });
    return healing;
  };
  return {
    plan,
    nodes: struck.map(({ name }) => name),
    prove: ({ signal } = {}) => keeping.turn(() => prove(keeping, signal)),
    heal,
    [Symbol.asyncDispose]: heal,
  };
}

/** Right after the injection and once more: what is late, or does not last, is not seen by whoever looks only at the end. */
async function lookTwice({ plan, struck, history, scope, turn }: Keeping, signal: AbortSignal): Promise<void> {
  const look = (when: 'injected' | 'between') =>
    turn(async () => {
      signal.throwIfAborted();
      const found = await lookAt({ plan, struck }, when, scope, deadlined(signal)).catch((error: unknown) => {
        signal.throwIfAborted();
        return unseen(when, error);
      });
      history.append({ type: 'fault.look', fault: plan.id, ...found });
    });
  try {
    await look('injected');
    await elapse(Math.min(plan.lastingMs / 2, BETWEEN_MS), signal);
    await look('between');
  } catch {
    // Healed meanwhile: there is nothing to look at.
  }
}

const deadlined = (signal: AbortSignal | undefined): AbortSignal => {
  const patience = AbortSignal.timeout(PROVE_MS);
  return signal ? AbortSignal.any([signal, patience]) : patience;
};

/** The proof of those that did it, and a look of our own: in force is only what both say. */
async function prove({ plan, struck, history, scope }: Keeping, signal: AbortSignal | undefined): Promise<Proof> {
  const either = deadlined(signal);
  const asking = lookAt({ plan, struck }, 'end', scope, either).catch((error: unknown): Look => {
    signal?.throwIfAborted();
    return unseen('end', error);
  });
  const [look, proofs] = await Promise.all([asking, onAll(struck, (one) => proofOf(one, either, signal))]);
  const { state, effect, detail } = together(struck, proofs);
  const proof = {
    state: state && look.state !== false && look.differs.length === 0,
    effect,
    detail: look.differs.length > 0 ? `${detail}; not as planned: ${someOf(look.differs)}` : detail,
  };
  history.append({ type: 'fault.look', fault: plan.id, ...look, state: look.state ?? state });
  history.append({ type: 'fault.prove', fault: plan.id, when: 'injected', ...proof });
  return proof;
}

/** The look has them all. */
function someOf(lines: readonly string[]): string {
  return lines.slice(0, 2).join(' | ') + (lines.length > 2 ? ` and ${lines.length - 2} more` : '');
}

async function undo({ plan, struck, history, ledger, scope, left, gone }: Keeping): Promise<void> {
  await bracketed(history, 'fault.heal', plan, struck, ({ prepared }) => prepared.heal());
  const proofs = await onAll(struck, ({ prepared }) => prepared.proveGone());
  const proof = together(struck, proofs);
  history.append({ type: 'fault.prove', fault: plan.id, when: 'healed', ...proof });
  if (!proof.state) throw new Error(`${plan.id} is still in force after healing: ${proof.detail}`);
  for (const [index, { name }] of struck.entries()) {
    ledger.write({ type: 'undo', fault: plan.id, node: name, by: 'harness', outcome: proofs[index]?.detail ?? '' });
  }
  left();
  const look = await lookAfter({ plan, struck }, scope).catch((error: unknown) => unseen('healed', error));
  history.append({ type: 'fault.look', fault: plan.id, ...look });
  await gone();
}

/** A proof that cannot be had is none. Only an abort is no answer to the question. */
async function proofOf({ prepared }: Struck, patience: AbortSignal, aborted: AbortSignal | undefined): Promise<Proof> {
  try {
    return await prepared.prove(patience);
  } catch (error) {
    aborted?.throwIfAborted();
    return {
      state: false,
      effect: null,
      detail: `cannot be proved: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

type Named = Pick<Struck, 'name' | 'prepared'>;

/** Acts on all at once, between a begin and an end: nothing else happens there, for the time in between is uncertainty. */
export async function bracketed<R>(
  history: History,
  type: 'fault.inject' | 'fault.heal',
  plan: FaultPlan,
  struck: readonly Named[],
  act: (one: Named) => Promise<R>,
): Promise<R[]> {
  const { id: fault, kind, parameters } = plan;
  const event = { type, fault, kind, nodes: struck.map(({ name }) => name), parameters };
  history.append({ ...event, edge: 'begin' });
  try {
    const results = await onAll(struck, act);
    history.append({ ...event, edge: 'end' });
    return results;
  } catch (error) {
    history.append({ ...event, edge: 'end', error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** In force only if it is everywhere; seen to act only if it was everywhere; unknown if it is anywhere. */
function together(struck: readonly Struck[], proofs: readonly Proof[]): Proof {
  const effects = proofs.map(({ effect }) => effect);
  return {
    state: proofs.every(({ state }) => state),
    effect: effects.includes(false) ? false : effects.includes(null) ? null : true,
    detail: proofs.map(({ detail }, index) => `${struck[index]?.name}: ${detail}`).join('; '),
  };
}
