/**
 * The one clock of a run.
 *
 * CLOCK_MONOTONIC is shared by every container of a kernel, so a sample stamped in the client container and a fault
 * stamped in the harness can be subtracted. Wall time is kept beside it for people, and is never used for arithmetic.
 */

/** Nanoseconds of CLOCK_MONOTONIC. A double holds them exactly for 104 days of uptime, and to 2 ns for a year. */
export type Nanoseconds = number;

export interface Clock {
  /** CLOCK_MONOTONIC, in nanoseconds. */
  now(): Nanoseconds;
  /** Wall time, ISO 8601 with milliseconds, UTC. */
  wall(): string;
}

export const systemClock: Clock = {
  now: () => Number(process.hrtime.bigint()),
  wall: () => new Date().toISOString(),
};

/** A clock that stands still until it is told otherwise: for tests. */
export function manualClock(start: Nanoseconds = 0): Clock & { advance(ns: Nanoseconds): void } {
  let now = start;
  return {
    now: () => now,
    wall: () => new Date(now / 1e6).toISOString(),
    advance: (ns) => {
      now += ns;
    },
  };
}

export const MILLISECOND: Nanoseconds = 1e6;
export const SECOND: Nanoseconds = 1e9;
