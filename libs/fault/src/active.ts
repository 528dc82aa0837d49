/** A fault in force: proved, healed, and written down while it is. */
import { onAll } from '@faultline/control';
import type { ClusterNode } from '@faultline/cluster';
import type { History } from '@faultline/history';
import type { Prepared, Proof } from './kind/act.ts';
import type { LedgerWriter } from './ledger/file.ts';
import type { FaultPlan } from './spec.ts';

export interface ActiveFault extends AsyncDisposable {
  readonly plan: FaultPlan;
  /** Names of the nodes that it was done to. */
  readonly nodes: readonly string[];
  /**
   * Asks the kernel whether it is in force and whether it acted since it was last asked, and appends `fault.prove`.
   * May be asked repeatedly. @returns what it appended, of all nodes together.
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
}

/** Every question of a proof is answered by then. */
const PROVE_MS = 15_000;

export interface Keeping {
  readonly plan: FaultPlan;
  readonly struck: readonly Struck[];
  readonly history: History;
  readonly ledger: LedgerWriter;
  /** Called once, when it is gone from everywhere. */
  readonly gone: () => Promise<void>;
}

export function activeFault({ plan, struck, history, ledger, gone }: Keeping): ActiveFault {
  const write = (when: 'injected' | 'healed', proof: Proof) =>
    history.append({ type: 'fault.prove', fault: plan.id, when, ...proof });
  const undo = async (): Promise<void> => {
    await bracketed(history, 'fault.heal', plan, struck, ({ prepared }) => prepared.heal());
    const proofs = await onAll(struck, ({ prepared }) => prepared.proveGone());
    const proof = together(struck, proofs);
    write('healed', proof);
    if (!proof.state) throw new Error(`${plan.id} is still in force after healing: ${proof.detail}`);
    for (const [index, { name }] of struck.entries()) {
      ledger.write({ type: 'undo', fault: plan.id, node: name, by: 'harness', outcome: proofs[index]?.detail ?? '' });
    }
    await gone();
  };
  let healing: Promise<void> | undefined;
  const heal = () => {
    healing ??= undo().catch((error: unknown) => {
      // Not undone: whoever asks again has it tried again.
      healing = undefined;
      throw error;
    });
    return healing;
  };
  return {
    plan,
    nodes: struck.map(({ name }) => name),
    async prove({ signal } = {}) {
      const patience = AbortSignal.timeout(PROVE_MS);
      const either = signal ? AbortSignal.any([signal, patience]) : patience;
      const proof = together(struck, await onAll(struck, (one) => proofOf(one, either, signal)));
      write('injected', proof);
      return proof;
    },
    heal,
    [Symbol.asyncDispose]: heal,
  };
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

/** Acts on all at once, between a begin and an end: nothing else happens there, for the time in between is uncertainty. */
export async function bracketed<R>(
  history: History,
  type: 'fault.inject' | 'fault.heal',
  plan: FaultPlan,
  struck: readonly Struck[],
  act: (one: Struck) => Promise<R>,
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
