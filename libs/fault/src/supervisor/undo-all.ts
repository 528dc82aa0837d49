/** Undoes several, again and again until each is done: the engine may be restarting just then. */
import { done, engine, notYet, waitFor } from '@faultline/control';
import type { Intent } from '../ledger/entry.ts';
import { undoIntent } from '../undo.ts';

const PATIENCE_MS = 60_000;

/** @throws DeadlineError naming what is left, for the doctor to do. */
export async function undoAll(
  run: string,
  intents: readonly Intent[],
  each: (intent: Intent, outcome: string) => void,
): Promise<void> {
  let left = intents;
  await waitFor(
    `undoing ${intents.map(({ fault, node }) => `${fault} on ${node}`).join(', ')}`,
    async () => {
      const failed: Intent[] = [];
      const reasons: string[] = [];
      for (const intent of left) {
        try {
          each(intent, await undoIntent(await engine(), run, intent));
        } catch (error) {
          failed.push(intent);
          reasons.push(`${intent.fault} on ${intent.node}: ${String(error)}`);
        }
      }
      left = failed;
      return left.length === 0 ? done(undefined) : notYet(reasons.join('; '));
    },
    { withinMs: PATIENCE_MS, everyMs: 250 },
  );
}
