/** Who answers for the address, and whom the client's kernel believes to: what the pictures and tables of it are made of. */
import { eventsOf, seconds, type Verdict } from '@faultline/checker';
import { MILLISECOND, type Nanoseconds, type Stamped } from '@faultline/history';

/** A stretch of time with the same owners; milliseconds from the fault in force. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Nobody, one, or (never to be) more. */
  readonly owners: readonly string[];
}

/** An instant in a probe's lane: what became of a connection. */
export interface Tick {
  readonly lane: string;
  readonly at: number;
  readonly what: 'opened' | 'reset' | 'closed' | 'abandoned';
  readonly title: string;
}

/** @param shift milliseconds from the begin of the measurement to the fault in force. */
export function stretches({ ownership }: Pick<Verdict, 'ownership'>, shift: number): readonly Stretch[] {
  return ownership.map(({ owners, begin, end }) => ({ from: begin - shift, to: end - shift, owners }));
}

/** The client's neighbour entry: whom its kernel sends packets for the address to. */
export function neighbours(events: readonly Stamped[], zero: Nanoseconds, until: number): readonly Stretch[] {
  const changes = eventsOf(events, 'neighbour').toSorted((a, b) => a.time - b.time);
  const found: Stretch[] = [];
  changes.forEach(({ time, mac, node }, index) => {
    const next = changes[index + 1];
    const stretch = {
      from: (time - zero) / MILLISECOND,
      to: next ? (next.time - zero) / MILLISECOND : until,
      owners: mac === null ? [] : [node ?? mac],
    };
    const before = found.at(-1);
    // Between REACHABLE and STALE nothing changes for the packets.
    if (before && before.owners[0] === stretch.owners[0]) found[found.length - 1] = { ...before, to: stretch.to };
    else found.push(stretch);
  });
  return found;
}

export function connections(events: readonly Stamped[], zero: Nanoseconds): readonly Tick[] {
  return eventsOf(events, 'stream').map(({ probe, time, connection, what, detail }) => {
    const at = (time - zero) / MILLISECOND;
    return { lane: probe, at, what, title: `connection ${connection} ${what} at ${seconds(at)}: ${detail}` };
  });
}

/** Milliseconds with two owners or more, from the fault on and before it. */
export function shared(all: readonly Stretch[]): number {
  return all.filter(({ owners }) => owners.length > 1).reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Milliseconds of the longest time in which nobody answered, from the fault on. */
export function longestSilence(all: readonly Stretch[]): number {
  const silent = all.filter(({ to, owners }) => to > 0 && owners.length === 0);
  return Math.max(0, ...silent.map(({ from, to }) => to - from));
}

/** More changes than this are told by the picture. */
const MOST_TOLD = 6;

/** `server-0 until 0.00 s, nobody for 5.53 s, then agent-1`; undefined where nobody was asked. */
export function told(all: readonly Stretch[]): string | undefined {
  const begin = all.findIndex(({ to }) => to >= 0);
  // Where the owner was gone before the fault was wholly in force, it is still the story's first word.
  const isGone = all[begin]?.owners.length === 0;
  const news = begin < 0 ? [] : all.slice(Math.max(0, isGone ? begin - 1 : begin));
  const parts = news.map(({ from, to, owners }, index) => {
    const who = owners.length > 0 ? owners.join(' and ') : 'nobody';
    if (index === news.length - 1) return news.length === 1 ? `${who} all the time` : `then ${who}`;
    return index === 0 ? `${who} until ${seconds(to)}` : `${who} for ${seconds(to - from)}`;
  });
  if (parts.length <= MOST_TOLD) return parts.length === 0 ? undefined : parts.join(', ');
  return [...parts.slice(0, MOST_TOLD - 1), `and ${parts.length - MOST_TOLD} more changes`, parts.at(-1)].join(', ');
}
