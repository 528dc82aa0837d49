/** The container of a machine, started again and waited for. */
import { done, DeadlineError, isAlready, isMissing, notYet, waitFor, type Engine } from '@faultline/control';

/** Idempotent. @returns what came of it. */
export async function startAgain(engine: Engine, id: string): Promise<string> {
  try {
    await engine.getContainer(id).start();
    return 'started again';
  } catch (error) {
    if (isAlready(error)) return 'was running';
    if (isMissing(error)) return 'container is gone';
    throw error;
  }
}

/**
 * @param startedAt of the life whose end is waited for: a later one means that it has ended.
 * @returns whether it ended in time; one that was removed has.
 */
export async function untilStopped(engine: Engine, id: string, withinMs: number, startedAt?: string): Promise<boolean> {
  try {
    await waitFor('the container has stopped', () => stopped(engine, id, startedAt), { withinMs, everyMs: 100 });
    return true;
  } catch (error) {
    if (error instanceof DeadlineError) return false;
    throw error;
  }
}

async function stopped(engine: Engine, id: string, startedAt: string | undefined) {
  try {
    const { State } = await engine.getContainer(id).inspect();
    const isAnother = startedAt !== undefined && State.StartedAt !== startedAt;
    return !State.Running || isAnother ? done(undefined) : notYet(State.Status);
  } catch (error) {
    if (isMissing(error)) return done(undefined);
    throw error;
  }
}
