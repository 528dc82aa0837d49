/** The container of a machine, started again and waited for. */
import { once } from 'node:events';
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

/** A deed that was under way when its harness died is done by then, or never comes. */
const TOLD_MS = 500;
const KILLED_MS = 15_000;

/**
 * Brings a machine back for a harness that died while it took it down: nobody measures any more how long its goodbye takes, so
 * it is cut short. One that was never told to end is left alone.
 * @param startedAt of the life that was to end.
 */
export async function bringBack(engine: Engine, id: string, startedAt: string): Promise<string> {
  const container = engine.getContainer(id);
  try {
    const { State } = await container.inspect();
    if (State.Running && State.StartedAt === startedAt) {
      if (!(await wasTold(engine, id, startedAt))) return 'was never told to end';
      // Before it has ended, starting it is no deed at all: the engine says that it runs.
      await container.kill({ signal: 'SIGKILL' }).catch(unlessEnded);
      await untilStopped(engine, id, KILLED_MS, startedAt);
    }
  } catch (error) {
    if (isMissing(error)) return 'container is gone';
    throw error;
  }
  return await startAgain(engine, id);
}

function unlessEnded(error: unknown): void {
  if (!isAlready(error)) throw error;
}

/** The engine remembers its latest events, and tells the new ones: a signal sent in this life, or its end. */
async function wasTold(engine: Engine, id: string, startedAt: string): Promise<boolean> {
  // The end of the life before came earlier.
  const since = Date.parse(startedAt) / 1000;
  const events = await engine.getEvents({ since, filters: { container: [id], event: ['kill', 'die'] } });
  try {
    return await once(events, 'data', { signal: AbortSignal.timeout(TOLD_MS) }).then(
      () => true,
      () => false,
    );
  } finally {
    if ('destroy' in events && typeof events.destroy === 'function') events.destroy();
  }
}

/**
 * @param startedAt of the life whose end is waited for: a later one means that it has ended.
 * @returns whether it ended in time; one that was removed has.
 */
export async function untilStopped(engine: Engine, id: string, withinMs: number, startedAt?: string): Promise<boolean> {
  try {
    await waitFor('the container has stopped', () => stopped(engine, id, startedAt), { withinMs, everyMs: 20 });
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
