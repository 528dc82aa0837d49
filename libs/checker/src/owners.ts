/** Two owners of one address: where who-has was answered by more than one, and where one claimed what another kept. */
import { SECOND, type EventOf, type Nanoseconds } from '@faultline/history';
import { written as whoIs, type AddressFacts, type Question } from './address.ts';
import type { Disturbance } from './measure.ts';
import { seconds } from './wording.ts';

/** Questions that two or more machines answered; from the first to the last of them. */
export interface Doubles {
  readonly macs: readonly string[];
  readonly first: Nanoseconds;
  readonly last: Nanoseconds;
  /** Of them, and of all questions in that time. */
  readonly count: number;
  readonly asked: number;
}

export function doubles({ questions }: AddressFacts): Doubles | undefined {
  const twice = questions.filter(({ owners }) => owners.length > 1);
  const [first, last] = [twice[0]?.sent, twice.at(-1)?.sent];
  if (first === undefined || last === undefined) return undefined;
  return {
    macs: [...new Set(twice.flatMap(({ owners }) => owners))].toSorted(),
    first,
    last,
    count: twice.length,
    asked: questions.filter(({ sent }) => sent >= first && sent <= last).length,
  };
}

/** A claim is set against the answers next to it, if they are this near. */
const NEAR = SECOND;

/**
 * Captured packets that claim the address for a machine while another one holds it: the last answered question before the
 * packet and the next one after it were both answered by the same machine, and not by this one. A new owner's announcement
 * is none: the old owner does not answer the next question. What both answer is seen by the questions themselves.
 */
export function falseClaims({ claims, questions }: AddressFacts): readonly EventOf<'arp'>[] {
  const answered = questions.filter(({ owners }) => owners.length > 0);
  return claims.filter(({ time, senderMac }) => {
    const place = answered.findIndex(({ sent }) => sent > time);
    const around = [answered[place - 1], answered[place]].filter((question) => question !== undefined);
    const isNear = around.length === 2 && around.every(({ sent }) => Math.abs(sent - time) <= NEAR);
    return isNear && around.every((question) => isHeldByOther(question, senderMac)) && isSame(around);
  });
}

const isHeldByOther = ({ owners }: Question, mac: string): boolean => !owners.includes(mac);
const isSame = ([one, other]: readonly Question[]): boolean => one?.owners.join() === other?.owners.join();

/** Who, how often, for how long, since when; and what was captured meanwhile. */
export function describeDoubles(found: Doubles, facts: AddressFacts, when: Disturbance): string {
  const { macs, first, last, count, asked } = found;
  const both = macs.length === 2 ? 'both ' : '';
  const who = macs.map((mac) => whoIs(mac, facts)).join(' and ');
  const lasted = `for ${seconds((last - first) / 1e6)}, from ${instant(first, when)}`;
  const claimed = macs.map((mac) => {
    const claims = facts.claims.filter(
      ({ senderMac, time }) => senderMac === mac && time >= first - NEAR && time <= last + NEAR,
    );
    return `${claims.length} by ${facts.nameOf(mac)}`;
  });
  const answered = `${who} ${both}answered ${count} of ${asked} who-has for ${facts.address} ${lasted}`;
  return `${answered}; besides, claims captured: ${claimed.join(', ')}`;
}

/** `16.4 s after the fault`, `2.00 s before the fault`, `0.31 s after its healing began`. */
export function instant(at: Nanoseconds, { inForce, healBegin }: Disturbance): string {
  if (!Number.isFinite(inForce)) return 'a time without a fault';
  if (at < inForce) return `${seconds((inForce - at) / 1e6)} before the fault`;
  return at < healBegin
    ? `${seconds((at - inForce) / 1e6)} after the fault`
    : `${seconds((at - healBegin) / 1e6)} after its healing began`;
}

/** `1 captured packet`, `3 captured packets`. */
export function captured(count: number): string {
  return `${count} captured ${count === 1 ? 'packet' : 'packets'}`;
}
