/** Which harness is killed, doing what, and when: from a seed. Pure. */
import type { FaultKind, FaultParameters } from '@faultline/fault/plan';
import { below } from '@faultline/scenario/plan';

/** The port of the traffic that runs through the faults: those of one port strike it. */
export const PORT = 9472;

export interface Kill {
  readonly number: number;
  /** `inject`: a harness that breaks a cluster that stands; `run`: one that boots, breaks and tears down its own. */
  readonly how: 'inject' | 'run';
  readonly kind: string;
  readonly parameters: FaultParameters;
  readonly on: string;
  /** For how long it is told to break: a short time brings the kill into its healing. */
  readonly forMs: number;
  /** The kill falls so long after the harness was started, or after it said that the fault is in force. */
  readonly after: 'start' | 'in-force';
  readonly ms: number;
}

export interface Pool {
  readonly kinds: readonly FaultKind[];
  readonly nodes: readonly string[];
  readonly balancers: readonly string[];
  /** Share of whole runs among the kills. */
  readonly whole: number;
}

type Random = () => number;
const oneOf = <T>(random: Random, all: readonly T[]): T => all[below(random, all.length)] as T;

/** Values that bite on a small cluster, where the bounds of a parameter allow what nobody would notice. */
const BITING: Readonly<Record<string, (random: Random) => FaultParameters>> = {
  'block-port': (random) => ({
    protocol: oneOf(random, ['udp', 'tcp+udp']),
    port: PORT,
    direction: oneOf(random, ['in', 'out', 'both']),
  }),
  loss: () => ({ percent: 100 }),
  partition: () => ({ peers: 'client' }),
  rate: () => ({ kbit: 8 }),
  'mtu-black-hole': () => ({ bytes: 1000, of: 'everything' }),
  'process-kill': () => ({ process: 'keepalived' }),
  'squat-port': (random) => ({ protocol: oneOf(random, ['tcp', 'udp']), port: 18_472, when: 'running' }),
  'link-flap': () => ({ downMs: 500, upMs: 500 }),
  mtu: () => ({ bytes: 1300, of: 'lan' }),
  'disk-slow': () => ({}),
};

/**
 * The streams through the struck node that a kind cuts by its nature: of any other, a gap in them is the host's doing. A node
 * that was killed took the echo along, and its pings say when it is back.
 */
export const CUTS: Readonly<Record<string, readonly ('datagrams' | 'pings')[]>> = {
  'block-port': ['datagrams'],
  unplug: ['datagrams', 'pings'],
  partition: ['datagrams', 'pings'],
  loss: ['datagrams', 'pings'],
  rate: ['datagrams', 'pings'],
  'link-down': ['datagrams', 'pings'],
  'link-flap': ['datagrams', 'pings'],
  'address-change': ['datagrams', 'pings'],
  'node-pause': ['datagrams'],
  'node-kill': ['pings'],
  'node-stop': ['pings'],
  'node-restart': ['pings'],
};

export function drawKill(number: number, random: Random, pool: Pool): Kill {
  const kind = oneOf(random, pool.kinds);
  const how = random() < pool.whole ? 'run' : 'inject';
  const isAboutBalancers = kind.name === 'process-kill' && pool.balancers.length > 0;
  const inForce = random() < 0.75;
  // Of those that are killed in force, a third is told to heal at about that time.
  const short = inForce && random() < 0.33;
  return {
    number,
    how,
    kind: kind.name,
    parameters: (BITING[kind.name] ?? ((any: Random) => defaultsOf(kind, any)))(random),
    on: oneOf(random, isAboutBalancers ? pool.balancers : pool.nodes),
    forMs: short ? 500 : 30_000,
    after: how === 'inject' && inForce ? 'in-force' : 'start',
    ms: how === 'run' ? below(random, 45_000) : inForce ? 300 + below(random, short ? 500 : 700) : below(random, 6_000),
  };
}

/** Choices by chance, numbers from their lower third: what is left out takes its default. */
function defaultsOf({ parameters }: FaultKind, random: Random): FaultParameters {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, parameter]): (readonly [string, string | number])[] => {
      if (parameter.default !== undefined) return [];
      if ('of' in parameter) return [[name, oneOf(random, parameter.of)]];
      if ('min' in parameter)
        return [[name, Math.ceil(parameter.min + random() * ((parameter.max - parameter.min) / 3))]];
      return [];
    }),
  );
}

/** As `faultline inject` takes them. */
export const wordsOf = ({ kind, on, forMs, parameters }: Kill): readonly string[] => {
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return ['inject', kind, '--on', on, '--for', `${forMs}ms`, ...(pairs.length > 0 ? ['--set', ...pairs] : [])];
};
