/**
 * Undoing for the dead: by what the ledger says and the engine shows, and by nothing that the harness remembered.
 *
 * Only containers that carry the ledger's run as their label are touched: a ledger that somebody else wrote can name
 * any container, but acts on none.
 */
import { isMissing, LABEL, type Engine } from '@faultline/control';
import { ACTS } from './kind/all.act.ts';
import type { Intent } from './ledger/entry.ts';

/** @returns what was done. @throws the engine's error: it is still in force, and may be tried again. */
export async function undoIntent(engine: Engine, run: string, intent: Intent): Promise<string> {
  const ids = [intent.container, intent.side, ...(intent.servers ?? [])];
  const labels = await Promise.all(ids.map((id) => labelsOfContainer(engine, id)));
  const foreign = ids.find((_, index) => labels[index] && labels[index][LABEL.run] !== run);
  if (foreign !== undefined) return `refused: container ${foreign.slice(0, 12)} is not of run ${run}`;
  const act = ACTS[intent.kind];
  if (!act) return `refused: unknown kind ${intent.kind}`;
  return await act.undo(engine, intent);
}

async function labelsOfContainer(engine: Engine, id: string): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    return (await engine.getContainer(id).inspect()).Config.Labels;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
