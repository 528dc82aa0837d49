/** Who answers for the address, in words; and where two do, the captured packets that prove it. */
import { eventsOf, type Verdict } from '@faultline/checker';
import { MILLISECOND, type EventOf, type Nanoseconds, type Stamped } from '@faultline/history';
import { zeroName } from './faults.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import { told } from './owner.ts';
import type { Picture } from './picture.ts';
import { section, table } from './table.ts';

/** Enough to see two machines take turns; the history has them all. */
const MOST_ROWS = 40;
/** What came before the first double answer is part of the proof: then there was one owner. */
const BEFORE = 2;

export function owners(verdict: Verdict, events: readonly Stamped[], { owners: all, zero }: Picture): Markup {
  const sentence = told(all);
  if (sentence === undefined) return NOTHING;
  const struck = verdict.faults.map(
    ({ fault, nodes }) => `${zeroName(verdict) === 'the fault' ? 'The fault' : fault} struck ${nodes.join(', ')}`,
  );
  const why = struck.length === 0 ? '' : ` ${struck.join('; ')}.`;
  return section(
    'Who answers for the address',
    `Asked by who-has, from the fault on: ${sentence}.${why}`,
    proof(evidence(events, zero, all)),
  );
}

interface Row {
  readonly at: number;
  readonly macs: readonly string[];
  readonly what: string;
}

interface Evidence {
  readonly rows: readonly Row[];
  readonly nodes: ReadonlyMap<string, string>;
}

function proof(found: Evidence | undefined): Markup {
  if (!found) return NOTHING;
  const { rows, nodes } = found;
  const shown = rows.slice(0, MOST_ROWS);
  const body = shown.map(({ at, macs, what }) => [
    (at / 1000).toFixed(3),
    {
      text: macs.map((mac) => `${mac} (${nodes.get(mac) ?? 'a stranger'})`).join(', '),
      is: macs.length > 1 ? 'name fail' : 'name',
    },
    what,
  ]);
  const more =
    rows.length > shown.length ? ` The first ${shown.length} of ${rows.length}; the others are in history.ndjson.` : '';
  return group(
    tag('h3', {}, 'Two owners: the captured ARP packets'),
    tag('p', { class: 'note' }, `Seconds from the fault in force, and who said so.${more}`),
    table(['at', 'who', 'what'], body, [0]),
  );
}

/** From just before the first stretch of two owners to the end of the last; undefined where there never were two. */
function evidence(events: readonly Stamped[], zero: Nanoseconds, all: Picture['owners']): Evidence | undefined {
  const double = all.filter((stretch) => stretch.owners.length > 1);
  const [first] = double;
  if (!first) return undefined;
  const until = double.at(-1)?.to ?? first.to;
  const rows = [...answersIn(events, zero), ...packetsIn(events, zero)].toSorted((a, b) => a.at - b.at);
  const start = Math.max(0, rows.findIndex(({ at, macs }) => at >= first.from || macs.length > 1) - BEFORE);
  return { rows: rows.slice(start).filter(({ at }) => at <= until), nodes: nodesOf(events) };
}

/** The prober's own questions: one row each, with everybody who answered it. */
function answersIn(events: readonly Stamped[], zero: Nanoseconds): readonly Row[] {
  const arp = new Set(
    eventsOf(events, 'probe.begin').flatMap(({ probe }) => (probe.layer === 'arp' ? [probe.name] : [])),
  );
  return eventsOf(events, 'samples')
    .filter(({ probe }) => arp.has(probe))
    .flatMap(({ rows }) =>
      rows.flatMap(([sequence, , sent, duration, , by]) => {
        if (by === null) return [];
        const macs = by.split(',');
        const what = `${macs.length > 1 ? `${macs.length} machines answer` : 'answers'} who-has number ${sequence}`;
        return [{ at: (sent + duration - zero) / MILLISECOND, macs, what }];
      }),
    );
}

/** What passed by itself: gratuitous announcements, and replies to others. */
function packetsIn(events: readonly Stamped[], zero: Nanoseconds): readonly Row[] {
  const address = addressOf(events);
  return eventsOf(events, 'arp')
    .filter(({ operation, gratuitous }) => gratuitous || operation === 'reply')
    .filter(({ senderAddress }) => address === null || senderAddress === address)
    .map(({ time, gratuitous, operation, senderMac, senderAddress }) => ({
      at: (time - zero) / MILLISECOND,
      macs: [senderMac],
      what: `${gratuitous ? `gratuitous ${operation}` : operation}: ${senderAddress} is at ${senderMac}`,
    }));
}

/** The clients' address: the LAN says it, or the probe that asks for it. */
function addressOf(events: readonly Stamped[]): string | null {
  const virtual = eventsOf(events, 'lan')[0]?.virtualAddress;
  if (virtual) return virtual;
  const asked = eventsOf(events, 'probe.begin').find(({ probe }) => probe.layer === 'arp')?.probe;
  return /\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(`${asked?.what} ${asked?.to}`)?.[0] ?? null;
}

function nodesOf(events: readonly Stamped[]): ReadonlyMap<string, string> {
  const machines = eventsOf(events, 'lan').flatMap((lan) =>
    lan.machines.map(({ mac, name: node }) => [mac, node] as const),
  );
  const senders = eventsOf(events, 'arp').flatMap((packet: EventOf<'arp'>) =>
    packet.node === null ? [] : [[packet.senderMac, packet.node] as const],
  );
  return new Map([...senders, ...machines]);
}
