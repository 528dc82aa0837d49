/** Undoes several, again and again until each is done: the engine may be restarting just then. */
import { done, elapse, engine, notYet, onAll, waitFor, type Engine } from '@faultline/control';
import { FAULT_KINDS } from '../kind/all.ts';
import type { Intent } from '../ledger/entry.ts';
import { undoIntent } from '../undo.ts';

const PATIENCE_MS = 60_000;
/**
 * What the harness had asked the engine for when it died, the engine may do after the undoing: a link goes down once more. A
 * command in a container has started within a quarter of this.
 */
const STRAGGLERS_MS = 400;

/** Finds the engine before it is needed: a fault outlives its harness by so much less. */
export const getReady = async (): Promise<void> => void (await engine());

interface World {
  engine(): Promise<Engine>;
  undo: typeof undoIntent;
  readonly patienceMs: number;
}

const REAL: World = { engine, undo: undoIntent, patienceMs: PATIENCE_MS };

type Outcomes = Map<Intent, string>;

/**
 * The nodes of one fault at once, and one fault after the other; then once more.
 * @throws DeadlineError naming what is left, for the doctor to do.
 */
export async function undoAll(
  run: string,
  intents: readonly Intent[],
  each: (intent: Intent, outcome: string) => void,
  world: World = REAL,
): Promise<void> {
  const undone: Outcomes = new Map();
  const again: Outcomes = new Map();
  try {
    await untilUndone(run, intents, undone, world);
    await elapse(STRAGGLERS_MS, new AbortController().signal);
    await untilUndone(run, intents.filter(isQuick), again, world);
  } finally {
    for (const [intent, outcome] of undone) {
      const later = again.get(intent);
      each(intent, later === outcome || later === undefined ? outcome : `${outcome}, then ${later}`);
    }
  }
}

/** Asking Kubernetes takes longer than any straggler. */
const isQuick = ({ kind }: Intent): boolean =>
  FAULT_KINDS.some(({ name, capability }) => name === kind && capability !== 'kubernetes');

async function untilUndone(run: string, intents: readonly Intent[], outcomes: Outcomes, world: World): Promise<void> {
  const named = intents.map((intent) => ({ intent, name: `${intent.fault} on ${intent.node}` }));
  await waitFor(
    `undoing ${named.map(({ name }) => name).join(', ')}`,
    async () => {
      const docker = await world.engine();
      const left = named.filter(({ intent }) => !outcomes.has(intent));
      const reasons: string[] = [];
      for (const ofOne of Map.groupBy(left, ({ intent }) => intent.fault).values()) {
        await onAll(ofOne, async ({ intent }) => {
          outcomes.set(intent, await world.undo(docker, run, intent));
        }).catch((error: unknown) => void reasons.push(`${ofOne[0]?.name}: ${String(error)}`));
      }
      return reasons.length === 0 ? done(undefined) : notYet(reasons.join('; '));
    },
    { withinMs: world.patienceMs, everyMs: 250 },
  );
}
