/** A node that dies while the cluster boots: said at once, with its last words, and not minutes later by a deadline. */
import type { Engine } from '@faultline/control';
import { unframed } from '../logs.ts';

export interface Mortal {
  readonly name: string;
  /** The engine's id of its container. */
  readonly container: string;
}

export class NodeDiedError extends Error {
  constructor(name: string, exitCode: number, words: readonly string[]) {
    super(
      `${name} ended with exit code ${exitCode} while the cluster was booting. Its last words:\n` +
        words.map((line) => `  ${line}`).join('\n'),
    );
    this.name = 'NodeDiedError';
  }
}

/**
 * Acts, with a signal that is also aborted when one of these containers ends. They need not run yet.
 * @throws NodeDiedError; what the act throws.
 */
export async function whileTheyLive<T>(
  { engine, signal }: { readonly engine: Engine; readonly signal: AbortSignal },
  nodes: readonly Mortal[],
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const death = new AbortController();
  const vigils = nodes.map((node) =>
    watchOver(engine, node, over.signal).catch((error: unknown) => death.abort(error)),
  );
  try {
    return await act(AbortSignal.any([signal, death.signal]));
  } catch (error) {
    // What was tried with the dead node failed in its own words: the death is the reason.
    throw death.signal.aborted && !signal.aborted ? death.signal.reason : error;
  } finally {
    over.abort();
    await Promise.all(vigils);
  }
}

/** Ends when told to; throws when the container ended before. */
async function watchOver(engine: Engine, { name, container }: Mortal, over: AbortSignal): Promise<void> {
  const handle = engine.getContainer(container);
  try {
    const { StatusCode } = (await handle.wait({ condition: 'next-exit', abortSignal: over })) as { StatusCode: number };
    const logs = await handle.logs({ stdout: true, stderr: true, tail: 200 });
    throw new NodeDiedError(name, StatusCode, lastWords(logs));
  } catch (error) {
    if (!over.aborted) throw error;
  }
}

/** What k3s called fatal, else the last lines, of a log as the engine sends it. */
export function lastWords(log: Buffer): readonly string[] {
  const spoken = unframed(log)
    .toString()
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const fatal = spoken.filter((line) => line.includes('level=fatal'));
  return (fatal.length > 0 ? fatal : spoken).slice(-5);
}
