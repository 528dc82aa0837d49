/** What clients saw, in one sentence for somebody under stress. */
import { addressIn } from './address.ts';
import type { Expectation } from './expectation.ts';
import { percent } from './standing.ts';
import { seconds, written } from './wording.ts';
import { RECOVERY } from './outage.ts';
import type { FaultMeasure, MatrixPair, Ownership, ProbeMeasure } from './verdict.ts';

export interface Seen {
  readonly expectations: readonly Expectation[];
  readonly faults: readonly FaultMeasure[];
  /** Which of several it is about; undefined: all of them. */
  readonly subject: string | undefined;
  readonly probes: readonly ProbeMeasure[];
  readonly matrix: readonly MatrixPair[];
  readonly ownership: readonly Ownership[];
}

export function headline(seen: Seen): string {
  const { cause, isAny } = causeOf(seen);
  const probe = mainProbe(seen.probes, seen.expectations);
  if (!isAny) return 'Nothing was measured: no fault was in force.';
  if (!probe) return `No client was watched while ${cause.during}.`;
  const cut = seen.matrix.filter(({ during }) => (during ?? 0) >= 0.9).length;
  const isAboutPods = seen.expectations[0]?.check === 'reachability';
  const pods = isAboutPods ? `${podsSaw(cut, seen.matrix.length)} while ${cause.during}; clients ` : 'Clients ';
  return `${pods}${whatClientsSaw(probe, cause, isAboutPods).replace(/,$/, '')}${twoOwners(seen.ownership)}.`;
}

/** The worst that can be said of an address: it explains what clients saw, or will see. */
function twoOwners(ownership: readonly Ownership[]): string {
  const [longest] = ownership
    .filter(({ owners }) => owners.length > 1)
    .toSorted((a, b) => b.end - b.begin - (a.end - a.begin));
  if (!longest) return '';
  return `; for ${seconds(longest.end - longest.begin)} ${longest.owners.join(' and ')} both answered for the address`;
}

function podsSaw(cut: number, all: number): string {
  return cut === 0
    ? `Pods reached each other on all ${all} paths between nodes`
    : `Pods could not reach each other on ${cut} of ${all} paths between nodes`;
}

/** The probe that the question is about: the one that is judged first, else HTTP on new connections, else any. */
export function mainProbe(
  probes: readonly ProbeMeasure[],
  expectations: readonly Expectation[] = [],
): ProbeMeasure | undefined {
  const [asked] = expectations.flatMap((expectation) => ('probe' in expectation ? [expectation.probe] : []));
  const clients = probes.filter(({ layer }) => layer !== 'pod' && layer !== 'control' && layer !== 'arp');
  return (
    clients.find(({ probe }) => probe === asked) ??
    clients.find(({ probe }) => probe.endsWith('http-new')) ??
    clients.find(({ layer }) => layer === 'http') ??
    clients[0]
  );
}

function whatClientsSaw(probe: ProbeMeasure, { isOneOfSeveral, ...told }: Cause, isShort: boolean): string {
  const { struck: episode, worst: outage } = probe;
  const during = probe.windows.find(({ window }) => window === 'during');
  const cause = isShort ? '' : ` ${episode ? `after ${told.after}` : `while ${told.during}`}`;
  // Where most was lost elsewhere than in one episode, or next to nothing in it, that one is not the story.
  const elsewhere = isOneOfSeveral ? 0 : (during?.lost ?? 0);
  const isScattered = !episode || episode.lost < RECOVERY.good || episode.lost < elsewhere * 0.8;
  if (during && during.lost > 0 && isScattered) {
    const lost = `${during.lost} of ${during.sent} requests (${percent(during.lost / during.sent)})`;
    return `lost ${lost} to ${placeOf(probe)}${isShort ? '' : ` while ${told.during}`}`;
  }
  if (!episode) return `lost none of ${during?.sent ?? 0} requests to ${placeOf(probe)}${cause}`;
  if (!outage || !isOneOutage(probe)) {
    const until =
      episode.end === null
        ? `${written(episode.duration)}, until the end of the measurement`
        : `${written(episode.duration)}, then none,`;
    return `lost ${percent(episode.share)} of their requests to ${placeOf(probe)} for ${until}${cause}`;
  }
  if (outage.end === null)
    return `could not reach ${placeOf(probe)} for at least ${seconds(outage.duration.low)}, until the end of the measurement,${cause}`;
  return `could not reach ${placeOf(probe)} for ${written(outage.duration)}${cause}`;
}

/** Whether what the fault did is the story of one outage, give or take some losses around it; else it is told by its share. */
export function isOneOutage({ struck, worst }: Pick<ProbeMeasure, 'struck' | 'worst'>): boolean {
  return struck !== null && worst !== null && worst.lost >= struck.lost * 0.8;
}

function placeOf({ what, to }: ProbeMeasure): string {
  return `userlist through ${addressIn(what) ?? to}`;
}

const PAST: Readonly<Record<string, (nodes: string, fault: FaultMeasure) => string>> = {
  'node-kill': (nodes) => `${nodes} was killed`,
  'node-pause': (nodes) => `${nodes} was frozen`,
  'node-drain': (nodes) => `${nodes} was drained`,
  'process-kill': (nodes, { parameters }) => `${parameters['process'] ?? 'its load balancer'} was killed on ${nodes}`,
  'duplicate-address': (nodes) => `${nodes} was given the address as well`,
  'controller-down': () => 'the Ingress controller was taken away',
  'service-clash': () => 'a second Service asked for port 80',
  unplug: (nodes) => `${nodes} was unplugged`,
  'block-port': (nodes, { parameters }) => `${parameters['port']}/${parameters['protocol']} was blocked on ${nodes}`,
};

/** What was done, said of the moment and of the time after it. */
interface Cause {
  readonly after: string;
  readonly during: string;
  /** What others did is lost elsewhere, and another story. */
  readonly isOneOfSeveral: boolean;
}

/** Of one among several: what else was in force when it came is part of the story. */
function causeOf({ faults, subject }: Seen): { readonly cause: Cause; readonly isAny: boolean } {
  const told = faults.filter(({ fault, inForce }) => inForce !== null && (subject ?? fault) === fault);
  const [main] = told;
  const context = faults.filter((other) => main && !told.includes(other) && isInForceAt(main.injectBegin, other));
  const around = context.length === 0 ? '' : `, while ${context.map(whileIn).join(' and ')}`;
  const cause = {
    after: `${told.map(past).join(' and ')}${around}`,
    during: `${told.map(whileIn).join(' and ')}${around && around.replace(', while', ' and')}`,
    isOneOfSeveral: subject !== undefined,
  };
  return { cause, isAny: told.length > 0 };
}

const isInForceAt = (at: number, { inForce, healBegin }: FaultMeasure): boolean =>
  inForce !== null && inForce <= at && (healBegin ?? Infinity) > at;

function past(fault: FaultMeasure): string {
  const nodes = `node ${fault.nodes.join(', ')}`;
  return PAST[fault.kind]?.(nodes, fault) ?? `${fault.kind} struck ${nodes}`;
}

function whileIn(fault: FaultMeasure): string {
  return fault.kind === 'node-kill' ? past(fault).replace('was killed', 'was dead') : past(fault);
}
