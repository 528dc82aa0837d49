/** Who holds the clients' address: by the answers to who-has, and by what was captured on the LAN. Nothing is judged here. */
import { SECOND, type EventOf, type Nanoseconds } from '@faultline/history';
import { eventsOf, type Facts } from './facts.ts';
import type { Disturbance } from './measure.ts';
import { milliseconds } from './statistics.ts';
import type { Ownership } from './verdict.ts';

/** One who-has, and everybody who answered it. */
export interface Question {
  readonly sent: Nanoseconds;
  /** Time of the first answer; of giving up where nobody answered. */
  readonly done: Nanoseconds;
  /** MAC addresses, sorted. */
  readonly owners: readonly string[];
}

export interface AddressFacts {
  /** That the arp probe asks for; undefined: there is no such probe. */
  readonly address: string | undefined;
  readonly questions: readonly Question[];
  /**
   * Captured packets whose sender says that the address is his, in order of time: gratuitous or not, request or reply
   * (RFC 5227: any of them changes neighbour tables). The answers to our own who-has are not among them.
   */
  readonly claims: readonly EventOf<'arp'>[];
  /** MAC addresses that answered the last who-has before the fault that was answered at all; empty: nobody did. */
  readonly before: readonly string[];
  /** Of the machine; the MAC address itself where it is nobody's that we know. */
  nameOf(mac: string): string;
}

export function addressFacts(facts: Facts, { begin }: Disturbance): AddressFacts {
  const probe = facts.probes.find(({ description }) => description.layer === 'arp');
  const address = probe && addressIn(probe.description.what);
  // What could not be sent was no question.
  const rows = probe?.rows.filter((row) => row[4] === 'ok' || row[4] === 'timeout') ?? [];
  const questions = rows.map(([, , sent, duration, , by]) => ({ sent, done: sent + duration, owners: macsIn(by) }));
  const packets = eventsOf(facts.events, 'arp').toSorted((a, b) => a.time - b.time);
  const names = machineNames(facts);
  return {
    address,
    questions,
    claims: packets.filter(({ senderAddress }) => senderAddress === address),
    before: questions.findLast(({ done, owners }) => done < begin && owners.length > 0)?.owners ?? [],
    nameOf: (mac) => names.get(mac) ?? mac,
  };
}

/** The address that a probe asks, from what it says of itself. */
export function addressIn(what: string): string | undefined {
  return /\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(what)?.[0];
}

/** The prober writes all answers to one who-has with commas between. */
const macsIn = (answeredBy: string | null): readonly string[] => answeredBy?.split(',').toSorted() ?? [];

function machineNames({ events }: Facts): ReadonlyMap<string, string> {
  const seen = eventsOf(events, 'arp').flatMap(({ senderMac, node }) => (node === null ? [] : [[senderMac, node]]));
  const known = machinesOf(events).map(({ mac, name }) => [mac, name]);
  return new Map([...seen, ...known] as [string, string][]);
}

/** As the history's last word on the LAN has them; none in histories older than that event. */
export function machinesOf(events: Facts['events']): EventOf<'lan'>['machines'] {
  return eventsOf(events, 'lan').at(-1)?.machines ?? [];
}

/** `agent-1 (02:42:c6:12:04:0c)`. */
export function written(mac: string, { nameOf }: AddressFacts): string {
  const name = nameOf(mac);
  return name === mac ? `the stranger ${mac}` : `${name} (${mac})`;
}

/** Somebody else than before answers: when at the earliest, when for certain. */
export interface NewOwner {
  readonly mac: string;
  readonly earliest: Nanoseconds;
  readonly latest: Nanoseconds;
}

export function newOwner({ questions, before }: AddressFacts, { begin }: Disturbance): NewOwner | undefined {
  if (before.length === 0) return undefined;
  const isNew = (mac: string): boolean => !before.includes(mac);
  const place = questions.findIndex(({ sent, owners }) => sent >= begin && owners.some(isNew));
  const question = questions[place];
  const mac = question?.owners.find(isNew);
  if (!question || mac === undefined) return undefined;
  return { mac, earliest: Math.max(begin, questions[place - 1]?.sent ?? begin), latest: question.done };
}

/**
 * The first packet after the fault by which the new owner tells the LAN that the address is his. Of two that claim it at
 * once (VRRP's backups may, before one yields) it is the one that answers afterwards; where nobody does, the first.
 */
export function announcement(address: AddressFacts, when: Disturbance): EventOf<'arp'> | undefined {
  const { claims, before } = address;
  const told = claims.filter(({ time, gratuitous }) => gratuitous && time >= when.begin);
  const owner = newOwner(address, when)?.mac;
  if (owner !== undefined) return told.find(({ senderMac }) => senderMac === owner);
  const known = claims.filter(({ time }) => time < when.begin).map(({ senderMac }) => senderMac);
  const owners = before.length > 0 ? before : known;
  return owners.length === 0 ? undefined : told.find(({ senderMac }) => !owners.includes(senderMac));
}

/** The client's kernel sends its packets for the address to the new owner, or to somebody else than before. */
export function neighbourUpdate(
  { events }: Facts,
  address: AddressFacts,
  when: Disturbance,
): EventOf<'neighbour'> | undefined {
  const owner = newOwner(address, when)?.mac;
  const isNew = (mac: string): boolean => (owner === undefined ? !address.before.includes(mac) : mac === owner);
  return eventsOf(events, 'neighbour').find(
    (event) => event.address === address.address && event.time >= when.begin && event.mac !== null && isNew(event.mac),
  );
}

/**
 * The questions that were asked and answered while the fault was in force. Not the last one: it listens until the next is
 * sent, and whoever was healed meanwhile answers it as well (seen: a node that was frozen).
 */
export function askedInForce({ questions }: AddressFacts, { inForce, healBegin }: Disturbance): readonly Question[] {
  return questions.filter(({ sent }) => sent >= inForce && sent < healBegin).slice(0, -1);
}

/** The questions of the last second in which the fault was in force and somebody asked: who holds the address by then. */
export function lastAsked(address: AddressFacts, when: Disturbance): readonly Question[] {
  const within = askedInForce(address, when);
  const end = within.at(-1)?.sent ?? 0;
  return within.filter(({ sent }) => sent > end - SECOND);
}

/** Since the begin of the measurement, stretch by stretch; a new one begins with the first question that others answered. */
export function ownership({ questions, nameOf }: AddressFacts, origin: Nanoseconds): readonly Ownership[] {
  const stretches: { owners: readonly string[]; begin: Nanoseconds; end: Nanoseconds; asked: number }[] = [];
  for (const { sent, owners } of questions.filter((question) => question.sent >= origin)) {
    const open = stretches.at(-1);
    if (open) open.end = sent;
    if (open && open.owners.join() === owners.join()) open.asked += 1;
    else stretches.push({ owners, begin: sent, end: sent, asked: 1 });
  }
  return stretches.map(({ owners, begin, end, asked }) => ({
    owners: owners.map(nameOf).toSorted(),
    begin: milliseconds(begin - origin),
    end: milliseconds(end - origin),
    asked,
  }));
}
