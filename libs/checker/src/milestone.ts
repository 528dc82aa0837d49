/** One ordered timeline: fault in force -> detected -> new owner -> first gratuitous ARP -> first answer of each layer -> steady. */
import { LAYERS, MILLISECOND, type EventOf, type Layer, type Nanoseconds } from '@faultline/history';
import { announcement, neighbourUpdate, newOwner, type AddressFacts } from './address.ts';
import { eventsOf, type FaultFacts, type Facts } from './facts.ts';
import type { Judged } from './judged.ts';
import type { Disturbance, Observed } from './measure.ts';
import { edgesOf, episodeEdges, RECOVERY, type Edges, type LostRun } from './outage.ts';
import { milliseconds } from './statistics.ts';
import type { Milestone } from './verdict.ts';

/** Layers whose first good answer after the outage is a milestone; pods and the API have their own places in a report. */
const ANSWERING: readonly Layer[] = LAYERS.filter((layer) => !['arp', 'pod', 'control'].includes(layer));

/** @param focus the same, told of the fault that the times count from. */
export function milestones({ facts }: Judged, { when, address, observations }: Judged): readonly Milestone[] {
  if (!Number.isFinite(when.inForce)) return [];
  const since = relativeTo(when);
  const edge = struckClients(observations);
  const found = [
    ...facts.faults.flatMap((fault) => markedBy(fault, facts, since)),
    ...firstLoss(edge, when, since),
    ...controlPlane(facts, when, since),
    ...ownership(facts, address, when, since),
    ...streams(facts, when, since),
    ...answers(edge, since),
    ...allGood(observations.filter(isClient), since),
  ];
  return found.toSorted((a, b) => a.at.estimate - b.at.estimate);
}

/** When it came, and went. Of several each says which it is. */
function markedBy({ fault, kind, nodes, inject, heal }: FaultFacts, facts: Facts, since: Since): readonly Milestone[] {
  const isOne = facts.faults.length === 1;
  const name = isOne ? 'fault' : fault;
  const where = nodes.join(', ');
  const detail = isOne ? where : `${kind} on ${where}`;
  const came = inject.end === null ? [] : [{ what: `${name} in force`, detail, at: since(inject.begin, inject.end) }];
  const isSeen = heal !== null && heal.end !== null && heal.end <= watchedUntil(facts);
  const went = isSeen ? [{ what: `${name} healed`, detail: '', at: since(heal.begin, heal.end ?? heal.begin) }] : [];
  return [...came, ...went];
}

/** What is undone after the last sample, at tear-down, is nobody's recovery. */
function watchedUntil({ probes }: Facts): Nanoseconds {
  return Math.max(-Infinity, ...probes.map(({ rows }) => rows.at(-1)?.[1] ?? -Infinity));
}

/** The probes of clients that were struck: a few samples lost here and there are no story with a begin and an end. */
export function struckClients(observations: readonly Observed[]): readonly Observed[] {
  return observations.filter((one) => isClient(one) && (one.struck?.lost ?? 0) >= RECOVERY.good);
}

const isClient = ({ probe }: Observed): boolean => ANSWERING.includes(probe.description.layer);

export type Since = (earliest: Nanoseconds, latest: Nanoseconds, estimate?: Nanoseconds) => Milestone['at'];

/** Times from the fault: it was in force no earlier than its begin, so every time may be longer by what its injection took. */
export function relativeTo({ begin, inForce }: Disturbance): Since {
  return (earliest, latest, estimate = latest) => {
    const isFault = latest === inForce;
    return {
      low: milliseconds(earliest - inForce),
      estimate: milliseconds(estimate - inForce),
      high: milliseconds(latest - (isFault ? inForce : begin)),
    };
  };
}

function firstLoss(edge: readonly Observed[], { begin }: Disturbance, since: Since): Milestone[] {
  const [first] = edge
    .flatMap(({ probe, series, struck }) =>
      struck ? [{ name: probe.description.name, edges: edgesOf(series, struck) }] : [],
    )
    .toSorted((a, b) => a.edges.estimate[0] - b.edges.estimate[0]);
  if (!first) return [];
  // What was lost was lost by the fault: it was not yet active before its begin, whenever the last good sample was sent.
  const [low, high] = first.edges.down.map((instant) => Math.max(begin, instant)) as [number, number];
  return [{ what: 'first loss', detail: first.name, at: since(low, high, Math.max(low, first.edges.estimate[0])) }];
}

/** What the watches told; they date a change when it was received, so it happened no later. */
function controlPlane({ events }: Facts, { begin }: Disturbance, since: Since): Milestone[] {
  const watched = eventsOf(events, 'watch');
  const later = watched.filter(({ at }) => at >= begin);
  const earlier = (event: EventOf<'watch'>) =>
    watched.findLast(
      ({ kind, namespace, name, seq }) =>
        kind === event.kind && namespace === event.namespace && name === event.name && seq < event.seq,
    );
  const at = (event: EventOf<'watch'>): Milestone['at'] => since(event.at, event.at);
  const notReady = firstOf(later, (event) => event.kind === 'Node' && !isReady(event) && isReady(earlier(event)));
  const removed = firstOf(
    later,
    (event) => event.kind === 'EndpointSlice' && endpointsOf(event) < endpointsOf(earlier(event)),
  );
  const holder = firstOf(later, (event) => {
    const before = earlier(event)?.summary['holder'];
    return (
      event.kind === 'Lease' &&
      Boolean(event.summary['holder']) &&
      Boolean(before) &&
      event.summary['holder'] !== before
    );
  });
  return [
    ...notReady.map((event) => ({ what: 'NotReady', detail: `node ${event.name}, by watch`, at: at(event) })),
    ...removed.map((event) => ({
      what: 'endpoint removed',
      detail: `${event.name}: ${endpointsOf(event)} left, by watch`,
      at: at(event),
    })),
    ...holder.map((event) => ({
      what: 'new lease holder',
      detail: `${event.name}: ${String(event.summary['holder'])}`,
      at: at(event),
    })),
  ];
}

function firstOf<T>(items: readonly T[], isWanted: (item: T) => boolean): T[] {
  const found = items.find(isWanted);
  return found === undefined ? [] : [found];
}

export function isReady(event: EventOf<'watch'> | undefined): boolean {
  return event?.verb !== 'DELETED' && (event?.summary['ready'] === 'True' || event?.summary['ready'] === true);
}

function endpointsOf(event: EventOf<'watch'> | undefined): number {
  return event && event.verb !== 'DELETED' ? Number(event.summary['readyEndpoints'] ?? 0) : 0;
}

/** Who owns the address: what the LAN was told (a gratuitous ARP), who answered when it was asked, whom the client believes. */
function ownership(facts: Facts, address: AddressFacts, when: Disturbance, since: Since): Milestone[] {
  const told = announcement(address, when);
  const owner = newOwner(address, when);
  const updated = neighbourUpdate(facts, address, when);
  const found: Milestone[] = [];
  if (told)
    found.push({
      what: 'first gratuitous ARP',
      detail: `${told.senderAddress} is at ${address.nameOf(told.senderMac)}`,
      at: since(told.time, told.time),
    });
  if (owner)
    found.push({
      what: 'new owner',
      detail: `${address.nameOf(owner.mac)} answers who-has`,
      at: since(owner.earliest, owner.latest),
    });
  if (updated)
    found.push({
      what: 'neighbour updated',
      detail: `the client sends to ${address.nameOf(updated.mac ?? '')}`,
      at: since(updated.time, updated.time),
    });
  return found;
}

/** What became of long-lived streams: of each, the first of its kind after the fault. */
function streams({ events }: Facts, { begin }: Disturbance, since: Since): Milestone[] {
  const told = eventsOf(events, 'stream').filter(({ time }) => time >= begin);
  const first = told.filter(
    ({ probe, what }, index) => told.findIndex((other) => other.probe === probe && other.what === what) === index,
  );
  return first.map(({ probe, what, detail, time }) => ({
    what: `stream ${what === 'opened' ? 'opened again' : what}`,
    detail: detail === '' ? probe : `${probe}: ${detail}`,
    at: since(time, time),
  }));
}

const ABBREVIATED: readonly string[] = ['icmp', 'udp', 'tcp', 'http', 'dns'];

/** The first good answer after the longest silence, for every probe that had one. */
function answers(edge: readonly Observed[], since: Since): Milestone[] {
  return edge.flatMap((observation) => {
    const edges = silenceEdges(observation);
    if (!edges?.up || !isSilence(observation)) return [];
    const { layer, name } = observation.probe.description;
    const what = `first ${ABBREVIATED.includes(layer) ? layer.toUpperCase() : layer}`;
    return [{ what, detail: name, at: since(edges.up[0], edges.up[1], edges.estimate[1]) }];
  });
}

/**
 * Whether the longest outage was a silence of its own. Where only a share is lost there are good answers all the time, and
 * the first one says nothing: it is a silence if it is twice as long as luck makes the longest run of losses at that share.
 */
export function isSilence({ struck, worst }: Observed): boolean {
  if (!struck || !worst) return false;
  const sent = struck.last - struck.first + 1;
  if (struck.lost > sent / 2) return true;
  const others = sent - (worst.last - worst.first + 1);
  const share = (struck.lost - worst.lost) / Math.max(1, others);
  const byLuck = share > 0 ? Math.log(Math.max(1, others * (1 - share))) / -Math.log(share) : 0;
  return worst.lost >= Math.max(RECOVERY.good, 2 * byLuck);
}

/**
 * The edges of the longest run of losses without any good answer. An outage may hold some, up to a tenth of it: where a
 * share goes on being lost after it, its end is later than the first answer.
 */
export function silenceEdges({ series, worst }: Observed): Edges | undefined {
  if (!worst) return undefined;
  let longest = { first: worst.first, last: worst.first, lost: 1 };
  let first = worst.first;
  for (let index = worst.first; index <= worst.last; index++) {
    if (series.rows[index]?.[4] === 'ok') first = index + 1;
    else if (index - first >= longest.lost) longest = { first, last: index, lost: index - first + 1 };
  }
  return edgesOf(series, longest);
}

/**
 * From here on every probe that was struck is good: after the last loss, and not after the one that lost most. A failover is
 * over when answers come again (RECOVERY), also where a share is lost some seconds later; this is over when nothing more
 * is lost. A few samples here and there are the host's, as in `struckClients`.
 *
 * @param until what begins later is not asked of it: healing may cost something of its own. To the end of the watch unless told.
 */
export function allGood(observations: readonly Observed[], since: Since, until: Nanoseconds = Infinity): Milestone[] {
  const ends = observations.flatMap(({ series, caused }) => {
    const begins = ({ first }: LostRun): Nanoseconds => series.rows[first]?.[2] ?? 0;
    const last = caused.findLast((run) => run.lost >= RECOVERY.good && begins(run) < until);
    return last ? [episodeEdges(series, last)] : [];
  });
  const last = ends.toSorted((a, b) => a.estimate[1] - b.estimate[1]).at(-1);
  if (!last?.up || ends.some(({ up }) => up === null)) return [];
  // One millisecond later, so that it stands below the answers that it follows from.
  return [
    {
      what: 'all good again',
      detail: ends.length === 1 ? 'the probe that was struck' : `all ${ends.length} probes that were struck`,
      at: since(last.up[0], last.up[1], Math.min(last.up[1], last.estimate[1] + MILLISECOND)),
    },
  ];
}
