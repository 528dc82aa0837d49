/**
 * Wall time to monotonic time, for tcpdump, whose stamps are wall time.
 *
 * Date.now() is the wall clock cut off to milliseconds, so the difference to the monotonic clock, taken often and at any
 * moment, is at most the true one, and its maximum comes close to it. Windows of a second follow a clock that is being set.
 */
export interface WallClock {
  /** Takes one reading. Call it often. */
  read(): void;
  /** Monotonic time, nanoseconds. */
  monotonic(wall: number): number;
}

const WINDOW = 1e9;

export function wallClock(wallMs: () => number, now: () => number): WallClock {
  let begun = now();
  let previous = -Infinity;
  let current = -Infinity;
  const read = () => {
    const wall = wallMs() * 1e6;
    const at = now();
    if (at - begun > WINDOW) {
      previous = current;
      current = -Infinity;
      begun = at;
    }
    current = Math.max(current, wall - at);
  };
  read();
  return { read, monotonic: (wall) => Math.round(wall - Math.max(previous, current)) };
}
