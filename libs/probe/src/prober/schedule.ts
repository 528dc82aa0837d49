/**
 * The open loop: every sample has its place on an absolute schedule, and is sent there whatever became of the others.
 *
 * Plain timers, which fire up to 1 ms late, and no spinning: the outage arithmetic uses the time at which a sample was
 * really sent, so that millisecond costs nothing, while spinning would take half a core from the cluster being measured.
 * A latency counts from the intended time, and there it costs everything: a punctual schedule stays awake for the last
 * moment. It goes round through the event loop, so that answers are read meanwhile.
 */

/** Nanoseconds of CLOCK_MONOTONIC, which all containers of a kernel share. */
export const now = (): number => Number(process.hrtime.bigint());

export interface Sample {
  readonly sequence: number;
  readonly intended: number;
}

export interface Stream {
  /** Intended time of sample 0. */
  readonly start: number;
  /** Nanoseconds between two samples. */
  readonly period: number;
}

/** Streams begin staggered within the shortest period, so that no two of commensurable rates ever fall on one instant. */
export function stagger(ratesHz: readonly number[], start: number): readonly Stream[] {
  const shortest = 1e9 / Math.max(...ratesHz);
  return ratesHz.map((rate, index) => ({ start: start + (index / ratesHz.length) * shortest, period: 1e9 / rate }));
}

export const intendedAt = (stream: Stream, sequence: number): number =>
  Math.round(stream.start + sequence * stream.period);

/**
 * Beyond this lateness a sample is not sent any more, and gets the class `late`: two periods, at least 20 ms. Up to it, it
 * is sent late, and its lateness is in its row. So a prober that was held up sends no long burst afterwards.
 */
export const latestAfter = (stream: Stream): number => Math.max(2 * stream.period, 20e6);

export interface Sender {
  send(sample: Sample): void;
  /** The sample could not be sent in time. */
  miss(sample: Sample): void;
}

/** Sends what is due, and says when the next is due. `next[i]` is the sequence number that stream i sends next. */
export function sendDue(
  streams: readonly Stream[],
  senders: readonly Sender[],
  next: number[],
  clock: () => number,
): number {
  let earliest = Infinity;
  streams.forEach((stream, index) => {
    const sender = senders[index];
    let sequence = next[index] ?? 0;
    for (let intended = intendedAt(stream, sequence); ; intended = intendedAt(stream, sequence)) {
      const behind = clock() - intended;
      if (behind < 0) {
        earliest = Math.min(earliest, intended);
        break;
      }
      if (behind > latestAfter(stream)) sender?.miss({ sequence, intended });
      else sender?.send({ sequence, intended });
      sequence++;
    }
    next[index] = sequence;
  });
  return earliest;
}

/** A timer that is asked for n ms fires after n to n + 1: this much ahead it is no use any more. */
const AWAKE = 2e6;

/** Runs until disposed. */
export function runSchedule(
  streams: readonly Stream[],
  senders: readonly Sender[],
  { punctual = false }: { readonly punctual?: boolean } = {},
): Disposable {
  const next = streams.map(() => 0);
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const tick = () => {
    const due = sendDue(streams, senders, next, now);
    if (due === Infinity) return;
    const ahead = due - now();
    if (punctual && ahead < AWAKE) immediate = setImmediate(tick);
    else if (punctual) timer = setTimeout(tick, Math.max(1, Math.floor((ahead - AWAKE) / 1e6)));
    else timer = setTimeout(tick, Math.max(1, Math.ceil(ahead / 1e6)));
  };
  tick();
  return {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
