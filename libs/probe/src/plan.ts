/** Which probes watch what. Pure. */
import type { Layer, ProbeDescription } from '@faultline/history';
import type { ProbeSpec } from './spec.ts';

export type { ProbeSpec, Vantage } from './spec.ts';
export { planSweep, type Asker, type SweepMap, type SweepNode } from './sweep/plan.ts';

/** Longer would blur when service came back: Linux sends a lost SYN again after 1, 3 and 7 s. */
const TIMEOUT_MS = 250;

/** What Kubernetes promises of its API at the 99th percentile (sig-scalability, API call latency); decision 0031. */
const API_TIMEOUT_MS = 1000;

/**
 * How long a stream, with a line every 100 ms, may be silent. One lost packet must be no outage: TCP sends it again 200 ms
 * later at the earliest.
 */
const SILENCE_MS = 350;

/** A client that reads only learns of a black hole from its own patience. */
const PATIENCE_MS = 5000;
const STREAM_PATH = '/stream';

export const EDGE_KINDS = ['icmp', 'udp', 'tcp', 'http-new', 'http-kept', 'stream', 'arp'] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

const EDGE_RATES: Readonly<Record<EdgeKind, number>> = {
  icmp: 100,
  udp: 100,
  tcp: 200,
  'http-new': 100,
  'http-kept': 100,
  stream: 10,
  arp: 10,
};

export interface Edge {
  /** Where clients reach the Ingress. */
  readonly address: string;
  readonly port: number;
  /** Host name of the Ingress. */
  readonly host: string;
  readonly path: string;
  /** Where the app echoes UDP at this address; without it there is no UDP probe. */
  readonly echoPort?: number;
  /** The client's interface on the LAN, for ARP; without it there is no ARP probe. */
  readonly interface?: string;
  /** Names become `<prefix>-icmp`, `<prefix>-http-new`, ...; `edge` unless told. */
  readonly prefix?: string;
  /** All unless told. ICMP is to be left out of an address that kube-proxy alone knows: nobody answers its ping. */
  readonly kinds?: readonly EdgeKind[];
  /** Names for the report: `client` and the address unless told. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * The address that clients use, layer by layer: ICMP and UDP 100/s, TCP 200/s, HTTP on new and on kept connections 100/s
 * each, one stream and ARP 10/s.
 */
export function edgeProbes(edge: Edge): readonly ProbeSpec[] {
  const { address, port, host, path, prefix = 'edge', kinds = EDGE_KINDS } = edge;
  return kinds.flatMap((kind): ProbeSpec[] => {
    const common = {
      name: `${prefix}-${kind}`,
      rateHz: EDGE_RATES[kind],
      timeoutMs: TIMEOUT_MS,
      from: edge.from ?? 'client',
      to: edge.to ?? address,
      address,
    };
    switch (kind) {
      case 'icmp':
        return [{ ...common, kind }];
      case 'udp':
        return edge.echoPort === undefined ? [] : [{ ...common, kind, port: edge.echoPort }];
      case 'tcp':
        return [{ ...common, kind, port }];
      case 'stream':
        return [{ ...common, kind, port, host, path: STREAM_PATH, timeoutMs: SILENCE_MS, patienceMs: PATIENCE_MS }];
      case 'http-new':
      case 'http-kept':
        return [{ ...common, kind, port, host, path, layer: 'http' }];
      case 'arp':
        return edge.interface === undefined ? [] : [{ ...common, kind, interface: edge.interface }];
    }
  });
}

/** From a pod of one node to a pod of another, or of the same: `pod:<from node>:<to node>`, 20/s, on new connections. */
export function podProbe(fromNode: string, toNode: string, address: string, port: number): ProbeSpec {
  return {
    name: `pod:${fromNode}:${toNode}`,
    kind: 'http-new',
    layer: 'pod',
    rateHz: 20,
    timeoutMs: TIMEOUT_MS,
    from: fromNode,
    to: toNode,
    address,
    port,
    host: address,
    path: '/whoami',
  };
}

/** The Kubernetes API's `/readyz`, `api`, 10/s, within 1 s each. Without a token it may answer 401: it answers. */
export function apiProbe(address: string, to: string = address): ProbeSpec {
  return {
    name: 'api',
    kind: 'http-new',
    layer: 'control',
    rateHz: 10,
    timeoutMs: API_TIMEOUT_MS,
    from: 'client',
    to,
    address,
    port: 6443,
    host: address,
    path: '/readyz',
    tls: true,
    good: [200, 401],
  };
}

const LAYER_OF: Readonly<Record<EdgeKind, Layer>> = {
  icmp: 'icmp',
  udp: 'udp',
  tcp: 'tcp',
  stream: 'stream',
  'http-new': 'http',
  'http-kept': 'http',
  arp: 'arp',
};

/** The probe as history and report know it. */
export function describe(spec: ProbeSpec): ProbeDescription {
  const { name, rateHz, timeoutMs, from, to } = spec;
  const layer = 'layer' in spec ? spec.layer : LAYER_OF[spec.kind];
  return { name, layer, what: whatIs(spec), from, to, rateHz, timeoutMs };
}

function whatIs(spec: ProbeSpec): string {
  switch (spec.kind) {
    case 'icmp':
      return `ICMP echo to ${spec.address}`;
    case 'udp':
      return `UDP echo from ${spec.address}:${spec.port}, each from a new socket`;
    case 'stream':
      return `one long-lived GET http://${spec.address}:${spec.port}${spec.path} (${spec.host}), read line by line`;
    case 'tcp':
      return `TCP connect to ${spec.address}:${spec.port}`;
    case 'http-new':
    case 'http-kept': {
      const url = `${spec.tls ? 'https' : 'http'}://${spec.address}:${spec.port}${spec.path}`;
      return `GET ${url} (${spec.host}) on a ${spec.kind === 'http-new' ? 'new' : 'kept'} connection`;
    }
    case 'arp':
      return `ARP who-has ${spec.address} on ${spec.interface}`;
  }
}

const NAME = /^[a-z0-9][a-z0-9.:-]*$/;
const MOST_PER_PROBER = 1000;

/**
 * What is wrong with these probes, as sentences; none: they can be sent by one prober.
 *
 * One Node process holds 1000 samples a second in all; beyond it they would be late.
 */
export function faultsOf(specs: readonly ProbeSpec[]): readonly string[] {
  const faults = specs.flatMap(({ name, rateHz, timeoutMs }) => [
    ...(NAME.test(name)
      ? []
      : [`probe ${JSON.stringify(name)}: a name is lower-case letters, digits, '-', '.' and ':'`]),
    ...(rateHz >= 1 && rateHz <= 500 ? [] : [`probe ${name}: rateHz is ${rateHz}, allowed are 1 to 500`]),
    ...(timeoutMs >= 10 && timeoutMs <= 10_000
      ? []
      : [`probe ${name}: timeoutMs is ${timeoutMs}, allowed are 10 to 10000`]),
  ]);
  for (const spec of specs) {
    if (spec.kind === 'stream' && !(spec.patienceMs > spec.timeoutMs && spec.patienceMs <= 60_000))
      faults.push(`probe ${spec.name}: patienceMs is ${spec.patienceMs}, allowed are more than timeoutMs, to 60000`);
  }
  const total = specs.reduce((sum, { rateHz }) => sum + rateHz, 0);
  if (total > MOST_PER_PROBER)
    faults.push(`${total} samples a second in one prober, allowed are ${MOST_PER_PROBER}: start another`);
  const names = specs.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) faults.push(`probe ${twice.join(', ')}: a name is used twice`);
  return faults;
}

/** For calibration: the address speaks for `afterMs`, then is silent for `lastingMs`. */
export interface Silence {
  readonly afterMs: number;
  readonly lastingMs: number;
}

/** Silences of 0.3 to 3 s, 1 to 1.5 s apart: at no fixed phase to the probes' schedule. @param random numbers in [0, 1). */
export function planSilences(count: number, random: () => number): readonly Silence[] {
  const between = (low: number, high: number) => Math.round((low + random() * (high - low)) * 1000) / 1000;
  return Array.from({ length: count }, () => ({ afterMs: between(1000, 1500), lastingMs: between(300, 3000) }));
}
