/** The longest outage in a packet capture, from tshark's fields alone: nothing of our prober's is used. */

/** What tshark is asked for: connection attempts and their answers, tab-separated, one packet a line. */
export const TSHARK: readonly string[] = [
  '-n',
  '-Y',
  'tcp.flags.syn == 1',
  '-T',
  'fields',
  '-e',
  'frame.time_epoch',
  '-e',
  'tcp.stream',
  '-e',
  'tcp.flags',
];

/** An answer that comes later than this finds nobody waiting: the prober's own timeout. */
const ANSWERED_WITHIN_MS = 250;
const SYN = 0x02;
const ACK = 0x10;

/** One connection attempt: when its first SYN was sent, milliseconds since 1970, and whether a SYN/ACK came in time. */
export interface Attempt {
  readonly sent: number;
  readonly answered: boolean;
}

export interface CaptureOutage {
  /** From the last SYN that was answered to the first that was answered again, milliseconds. */
  readonly goodToGood: number;
  /**
   * The other estimator: SYNs lost in between / the rate at which they were sent. Several probes send them, at rates that
   * change while kept connections are opened again: it says less than that of one probe.
   */
  readonly byLoss: number;
  readonly lost: number;
}

/** @throws Error on a line that is not three fields. */
export function attempts(text: string): readonly Attempt[] {
  const streams = new Map<string, { sent: number; answer: number }>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [time = '', stream = '', flags = ''] = line.split('\t');
    const at = Number(time) * 1000;
    if (time === '' || !Number.isFinite(at) || !/^\d+$/.test(stream) || !/^0x[\da-f]+$/.test(flags))
      throw new Error(`tshark wrote "${line}"; expected time, stream and flags, separated by tabs`);
    const isAnswer = (Number(flags) & (SYN | ACK)) === (SYN | ACK);
    const known = streams.get(stream);
    if (!known && !isAnswer) streams.set(stream, { sent: at, answer: Infinity });
    // What is sent again is the same attempt: its first SYN counts, and its first answer.
    if (known && isAnswer) known.answer = Math.min(known.answer, at);
  }
  return [...streams.values()]
    .map(({ sent, answer }) => ({ sent, answered: answer - sent <= ANSWERED_WITHIN_MS }))
    .toSorted((a, b) => a.sent - b.sent);
}

/** The longest time between two answered attempts in which one was lost; undefined where none was. */
export function longestOutage(all: readonly Attempt[]): CaptureOutage | undefined {
  const good = all.flatMap(({ answered }, place) => (answered ? [place] : []));
  const outages = good.slice(1).flatMap((next, index) => {
    const last = good[index] ?? 0;
    return next - last > 1 ? [outageBetween(all, last, next)] : [];
  });
  return outages.toSorted((a, b) => b.goodToGood - a.goodToGood)[0];
}

function outageBetween(all: readonly Attempt[], last: number, next: number): CaptureOutage {
  const sent = (place: number): number => all[place]?.sent ?? Number.NaN;
  const lost = next - last - 1;
  // Of all that was sent in the gap: the rate is that of the lost ones, not of another time with other probes.
  const perSend = (sent(next) - sent(last)) / (lost + 1);
  const spread = sent(next - 1) - sent(last + 1);
  return {
    goodToGood: sent(next) - sent(last),
    byLoss: lost > 1 ? (spread * lost) / (lost - 1) : perSend,
    lost,
  };
}
