/**
 * Whom the client's kernel sends packets for the address to: its neighbour entry, as the kernel tells of each change.
 *
 * Not all of its changes are told: an entry is STALE or INCOMPLETE without a word when nobody uses it, or when it begins.
 * A new MAC address and a failure always are, and in the order in which they happened.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Report } from './report.ts';
import { now } from './schedule.ts';

export interface Neighbour {
  readonly address: string;
  readonly mac: string | null;
  readonly state: string;
}

const LINE = /^(?<deleted>Deleted )?(?<address>\S+) (?:dev \S+ )?(?:lladdr (?<mac>\S+) )?(?:.* )?(?<state>[A-Z]+)\s*$/;

/** Undefined where it is no line of `ip -o neigh` or `ip -o monitor neigh`. */
export function parseNeighbour(line: string): Neighbour | undefined {
  const { deleted, address, mac, state } = LINE.exec(line)?.groups ?? {};
  if (!address || !state) return undefined;
  return deleted ? { address, mac: null, state: GONE } : { address, mac: mac?.toLowerCase() ?? null, state };
}

const GONE = 'GONE';

/** Says the first state, and every change from then on, until it is killed. */
export function followNeighbour(address: string, interfaceName: string, report: Report): ChildProcess {
  let last: Neighbour | undefined;
  const say = (neighbour: Neighbour | undefined) => {
    if (neighbour?.address !== address) return;
    if (last && last.mac === neighbour.mac && last.state === neighbour.state) return;
    last = neighbour;
    report.say({ type: 'neighbour', time: now(), ...neighbour });
  };
  const monitor = ip(['monitor', 'neigh', 'dev', interfaceName]);
  onLines(monitor.stdout, (line) => say(parseNeighbour(line)));
  const show = ip(['neigh', 'show', 'to', address, 'dev', interfaceName]);
  const shown: string[] = [];
  onLines(show.stdout, (line) => shown.push(line));
  // What the monitor said meanwhile is newer.
  show.once('close', () => last ?? say(parseNeighbour(shown[0] ?? '') ?? { address, mac: null, state: GONE }));
  monitor.once('exit', (code) => {
    if (!monitor.killed) lost(`ended with code ${code}`);
  });
  const lost = (why: string) =>
    report.say({ type: 'warning', text: `the neighbour entry is not followed any more: ip monitor ${why}` });
  monitor.once('error', (error) => lost(error.message));
  show.once('error', () => {});
  return monitor;
}

const ip = (words: readonly string[]) => spawn('ip', ['-o', '-4', ...words], { stdio: ['ignore', 'pipe', 'ignore'] });

function onLines(readable: Readable, take: (line: string) => void): void {
  createInterface({ input: readable }).on('line', take);
}
