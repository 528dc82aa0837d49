/** Every lost request, by what was going on when it was sent. Pure. */
import { eventsOf } from '@faultline/checker';
import { SECOND, type EventOf, type Nanoseconds, type SampleClass, type Stamped } from '@faultline/history';
import type { Cause, Requests } from './verdict.ts';

interface Span {
  readonly begin: Nanoseconds;
  readonly end: Nanoseconds;
}

/** A request that finds a node gone was sent up to this long before: its answer was still to come. */
const ON_ITS_WAY: Nanoseconds = SECOND / 2;

/** A pod that is leaving is sent requests for as long as the proxies have not heard of it, and a new one is slow at first. */
const AROUND: Nanoseconds = 5 * SECOND;

/** Counts what was lost from the begin of the upgrade on. @param since the begin of the upgrade */
export function requestsOf(events: readonly Stamped[], since: Nanoseconds): Requests {
  const probes = new Map(eventsOf(events, 'probe.begin').map(({ probe }) => [probe.name, probe]));
  const tell = teller(events);
  const causes = new Map<string, { -readonly [K in keyof Cause]: Cause[K] }>();
  let [sent, lost] = [0, 0];
  for (const { probe: name, rows } of eventsOf(events, 'samples')) {
    const probe = probes.get(name);
    if (!probe || (probe.layer !== 'http' && probe.layer !== 'stream')) continue;
    for (const [, intended, , , result] of rows) {
      if (intended < since || result === 'late') continue;
      sent++;
      if (result === 'ok') continue;
      lost++;
      add(causes, {
        cause: tell(intended, probe.to),
        connection: connectionOf(name),
        result,
        atS: (intended - since) / SECOND,
      });
    }
  }
  return { sent, lost, causes: [...causes.values()].toSorted((a, b) => b.lost - a.lost) };
}

const connectionOf = (probe: string): string =>
  probe.endsWith('-http-new') ? 'new' : probe.endsWith('-http-kept') ? 'kept' : 'stream';

function add(
  causes: Map<string, { -readonly [K in keyof Cause]: Cause[K] }>,
  { cause, connection, result, atS }: { cause: string; connection: string; result: SampleClass; atS: number },
): void {
  const key = `${cause} ${connection}`;
  const one = causes.get(key) ?? { cause, connection, lost: 0, byClass: {}, firstS: atS, lastS: atS };
  one.lost++;
  one.byClass = { ...one.byClass, [result]: (one.byClass[result] ?? 0) + 1 };
  one.firstS = Math.min(one.firstS, atS);
  one.lastS = Math.max(one.lastS, atS);
  causes.set(key, one);
}

/** The first that fits: an address that is away needs no other reason. */
function teller(events: readonly Stamped[]): (at: Nanoseconds, to: string) => string {
  const nodes = nodesAway(events);
  const traefiks = comings(events, (event) => event.type === 'watch' && isTraefik(event));
  const apps = comings(events, (event) => event.type === 'watch' && isApp(event));
  const within = (at: Nanoseconds, { begin, end }: Span): boolean => at >= begin - ON_ITS_WAY && at <= end;
  return (at, to) => {
    const away = nodes.filter((node) => within(at, node));
    const own = away.find(({ name }) => name === to);
    if (own) return `${own.name} away: its own address`;
    const [other] = away;
    if (other) return `${other.name} away: ${other.ran} ran on it`;
    if (traefiks.some((span) => within(at, span))) return 'Traefik is replaced';
    return apps.some((span) => within(at, span)) ? 'a pod of the app comes or goes' : 'none of these';
  };
}

function nodesAway(events: readonly Stamped[]): readonly (Span & { readonly name: string; readonly ran: string })[] {
  const all = eventsOf(events, 'upgrade.node');
  const pods = eventsOf(events, 'watch').filter(isTraefik);
  return all
    .filter(({ edge }) => edge === 'begin')
    .map((begin) => ({
      name: begin.node,
      ran: hadTraefik(pods, begin) ? 'a Traefik' : 'an endpoint',
      begin: begin.at,
      end: all.find((one) => one.edge === 'end' && one.node === begin.node && one.at >= begin.at)?.at ?? Infinity,
    }));
}

/** By what was last heard of each pod before the node was stopped. */
function hadTraefik(pods: readonly EventOf<'watch'>[], { node, at }: { node: string; at: Nanoseconds }): boolean {
  const last = new Map(pods.filter((pod) => pod.at < at).map((pod) => [pod.name, pod]));
  return [...last.values()].some(
    ({ verb, summary }) => verb !== 'DELETED' && summary['ready'] && summary['node'] === node,
  );
}

const isTraefik = ({ kind, namespace, name }: EventOf<'watch'>): boolean =>
  kind === 'Pod' && namespace === 'kube-system' && name.startsWith('traefik-');
const isApp = ({ kind, namespace, name }: EventOf<'watch'>): boolean =>
  kind === 'Pod' && namespace === 'default' && name.startsWith('userlist-');

/** The time around each change of such a pod. */
function comings(events: readonly Stamped[], isWanted: (event: Stamped) => boolean): readonly Span[] {
  return events.filter(isWanted).map(({ at }) => ({ begin: at - AROUND, end: at + AROUND }));
}
