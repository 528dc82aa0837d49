/** Whom of the LAN a fault concerns beside the struck machine, as scenarios write it: 'agent-1, client', 'others', 'anyone'. */

/** A machine on the LAN, as a packet filter knows it. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}

export const ANYONE = 'anyone';
export const OTHERS = 'others';
/** What measures, and is no part of what is measured: never meant unless it is named. */
export const CLIENT = 'client';

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const MOST = 30;

const names = (value: string): readonly string[] => value.split(',').map((part) => part.trim());

/** Whether they are names, or one of the two words. That each is there is known only when there is a cluster. */
export function arePeers(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const all = names(value);
  const alone = all.length === 1 || !(all.includes(ANYONE) || all.includes(OTHERS));
  return alone && all.length <= MOST && new Set(all).size === all.length && all.every((name) => NAME.test(name));
}

export interface Company {
  /** The machine that the fault is done to. */
  readonly self: string;
  /** All that it is done to. */
  readonly struck: readonly string[];
  /** Everybody on the LAN. */
  readonly machines: readonly Machine[];
}

/**
 * `others`: every machine but the client that is not struck; where all are struck, every one but itself.
 * @returns undefined: anyone at all.
 * @throws Error naming who is there.
 */
export function peersOf(value: unknown, { self, struck, machines }: Company): readonly Machine[] | undefined {
  const wanted = names(String(value));
  if (wanted[0] === ANYONE) return undefined;
  const there = machines.filter(({ name }) => name !== self);
  const peers = wanted[0] === OTHERS ? othersOf(there, struck) : wanted.map((name) => named(name, there));
  if (peers.length === 0) throw new Error(`${self} has no others. Allowed: a cluster of more than one machine`);
  return peers;
}

function othersOf(there: readonly Machine[], struck: readonly string[]): readonly Machine[] {
  const all = there.filter(({ name }) => name !== CLIENT);
  const spared = all.filter(({ name }) => !struck.includes(name));
  return spared.length > 0 ? spared : all;
}

function named(name: string, there: readonly Machine[]): Machine {
  const found = there.find((machine) => machine.name === name);
  if (found) return found;
  throw new Error(
    `there is no other machine ${name}. There: ${there.map((machine) => machine.name).join(', ') || 'none'}`,
  );
}
