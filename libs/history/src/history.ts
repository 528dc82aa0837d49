/**
 * The run's append-only event log: one writer, one JSON object a line, flushed as it is written.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { systemClock, type Clock } from './clock.ts';
import type { RunEvent, Stamped } from './event.ts';

export type Reader = (event: Stamped) => void;

export interface History extends Disposable {
  readonly clock: Clock;
  append(event: RunEvent): Stamped;
  /** Calls the reader with every event from now on. A reader that throws is dropped, with a note: it cannot stop a run. */
  subscribe(reader: Reader): Disposable;
}

export interface HistoryOptions {
  readonly clock?: Clock;
}

/**
 * Opens a new history file.
 *
 * Written synchronously: an event that was appended is in the kernel's hands, and survives a SIGKILL of ours.
 * @throws the file system's error (EEXIST: a history is never overwritten; ENOSPC: the disk is full).
 */
export function createHistory(path: string, options: HistoryOptions = {}): History {
  const file = openSync(path, 'wx', 0o644);
  const log = record(options.clock ?? systemClock, (event) => writeSync(file, `${JSON.stringify(event)}\n`));
  return Object.assign(log, {
    [Symbol.dispose]: () => {
      fsyncSync(file);
      closeSync(file);
    },
  });
}

/** A history that is kept in memory: for tests, and for work that leaves no run behind. */
export function memoryHistory(clock: Clock = systemClock): History & { readonly events: readonly Stamped[] } {
  const events: Stamped[] = [];
  return Object.assign(
    record(clock, (event) => events.push(event)),
    { events, [Symbol.dispose]: () => {} },
  );
}

function record(clock: Clock, write: (event: Stamped) => void): Omit<History, typeof Symbol.dispose> {
  const readers = new Set<Reader>();
  let seq = 0;
  const append = (event: RunEvent): Stamped => {
    const stamped = { seq: seq++, at: clock.now(), wall: clock.wall(), ...event };
    write(stamped);
    for (const reader of readers) {
      try {
        reader(stamped);
      } catch (error) {
        readers.delete(reader);
        append({
          type: 'note',
          level: 'warning',
          text: `a reader of the history failed and was dropped: ${String(error)}`,
        });
      }
    }
    return stamped;
  };
  return {
    clock,
    append,
    subscribe: (reader) => {
      readers.add(reader);
      return { [Symbol.dispose]: () => void readers.delete(reader) };
    },
  };
}
