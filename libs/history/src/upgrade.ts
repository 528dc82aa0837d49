/**
 * Upgrades an old history to today's HISTORY_VERSION, one version at a time.
 *
 * When an event's shape changes: raise HISTORY_VERSION, and add here the function that turns version n into n + 1.
 */
import { HISTORY_VERSION, type Stamped } from './event.ts';

type Upgrade = (events: readonly Stamped[]) => readonly Stamped[];

/** upgrades[n] turns a history of version n into one of version n + 1. */
const upgrades: Readonly<Record<number, Upgrade>> = {};

/** @throws Error when the history is newer than this Faultline, or has no `run.begin` to say its version. */
export function upgrade(events: readonly Stamped[], path: string): readonly Stamped[] {
  const begin = events.find((event) => event.type === 'run.begin');
  if (!begin) return events;
  if (begin.version > HISTORY_VERSION) {
    throw new Error(
      `${path}: history version ${begin.version}, this Faultline reads up to ${HISTORY_VERSION}.\n` +
        'Next: judge it with the Faultline that wrote it, or a newer one',
    );
  }
  let upgraded = events;
  for (let version = begin.version; version < HISTORY_VERSION; version++)
    upgraded = upgrades[version]?.(upgraded) ?? upgraded;
  return upgraded;
}
