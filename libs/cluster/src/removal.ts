/**
 * Tearing down: by label, of one run or of our own dead runs. Never by name, never prune, never what is not ours.
 *
 * Containers are killed, not stopped: nobody waits for a goodbye from what is thrown away.
 */
import { rm } from 'node:fs/promises';
import { done, isAlive, isMissing, LABEL, notYet, onAll, ownerOf, waitFor, type Engine } from '@faultline/control';
import { systemClock } from '@faultline/history';
import { reasonOf } from './container.ts';
import { ourObjects, type OurObject } from './objects.ts';
import { isKept, kubeconfigIn } from './record.ts';
import { CLUSTER_LABEL } from './site.ts';

/** A removal takes the engine well under a second; one that others wait for, some more. */
const WITHIN = 30_000;

export interface Removed extends Pick<OurObject, 'kind' | 'id' | 'name' | 'run'> {
  /** Why its run counts as dead. */
  readonly why: string;
}

export interface RemoveDeadOptions {
  readonly signal?: AbortSignal;
  /** Only says what it would remove. */
  readonly dryRun?: boolean;
  /** Looks at this run alone. */
  readonly run?: string;
}

/** Removes everything of a run. Takes no signal: an undo is not undone. @throws SomeFailedError naming what could not be removed. */
export async function removeRun(engine: Engine, run: string): Promise<readonly OurObject[]> {
  return removeAll(engine, await ourObjects(engine, run));
}

/**
 * Removes what our dead runs left behind.
 *
 * A run is dead when its owner's process is gone, when the host has booted since, or when it has expired. One that was
 * kept dies of expiry alone.
 */
export async function removeDead(
  engine: Engine,
  { signal, dryRun = false, run }: RemoveDeadOptions = {},
): Promise<readonly Removed[]> {
  const objects = await ourObjects(engine, run);
  const kept = keptRuns(objects);
  const now = Date.parse(systemClock.wall());
  const dead = objects.flatMap((one) => {
    const why = whyDead(one.labels, { now, kept: kept.has(one.run) });
    return why ? [{ ...one, why }] : [];
  });
  signal?.throwIfAborted();
  if (!dryRun) await removeAll(engine, dead);
  return dead.map(({ labels: _labels, state: _state, ...one }) => one);
}

/** Why an object with these labels may be removed; undefined: it may not. */
export function whyDead(
  labels: Readonly<Record<string, string>>,
  { now, kept }: { now: number; kept: boolean },
): string | undefined {
  const expires = Number(labels[LABEL.expires] ?? Infinity);
  if (now > expires) return 'it has expired';
  if (kept) return undefined;
  const owner = ownerOf(labels);
  if (!owner) return 'its labels name no owner';
  return isAlive(owner) ? undefined : `its owner, process ${owner.pid}, is gone`;
}

/** Runs that were kept: at birth, by label, or later, by the record in the run's folder. */
export function keptRuns(objects: readonly OurObject[]): ReadonlySet<string> {
  const kept = objects.filter(({ labels }) => labels[LABEL.kept] === 'true' || isKept(labels[CLUSTER_LABEL.folder]));
  return new Set(kept.map(({ run }) => run));
}

async function removeAll(engine: Engine, objects: readonly OurObject[]): Promise<readonly OurObject[]> {
  const [containers, others] = [objects.filter(isContainer), objects.filter((one) => !isContainer(one))];
  // Volumes and networks are in use until the containers are gone.
  await onAll(containers, (one) => remove(engine, one));
  await onAll(others, (one) => remove(engine, one));
  // The key of a cluster that is no more.
  const folders = new Set(objects.flatMap(({ labels }) => labels[CLUSTER_LABEL.folder] ?? []));
  await Promise.all([...folders].map((folder) => rm(kubeconfigIn(folder), { force: true })));
  return objects;
}

const isContainer = ({ kind }: OurObject): boolean => kind === 'container';

/** "Being removed already", "still in use" and "busy" all pass: asked again until the engine says that there is none. */
async function remove(engine: Engine, one: OurObject): Promise<void> {
  const request = {
    container: () => engine.getContainer(one.id).remove({ force: true, v: true }) as Promise<unknown>,
    volume: () => engine.getVolume(one.id).remove() as Promise<unknown>,
    network: () => engine.getNetwork(one.id).remove() as Promise<unknown>,
  }[one.kind];
  await waitFor(
    `removal of the ${one.kind} ${one.name}`,
    async () => {
      try {
        await request();
        return done(undefined);
      } catch (error) {
        return isMissing(error) ? done(undefined) : notYet(reasonOf(error));
      }
    },
    { withinMs: WITHIN },
  );
}
