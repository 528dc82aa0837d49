/** When the load balancer's own words say that the announcer has changed, by the watches of the control plane. */
import type { EventOf } from '@faultline/history';
import { eventsOf, type Facts } from './facts.ts';
import type { Disturbance } from './measure.ts';

type Watch = EventOf<'watch'>;

/** kube-vip's: one for all Services, or one for each. */
const LEASES = /^(plndr|kubevip)/;

/** A watch dates a change when it was told of it: it happened no later. */
export interface Detection {
  readonly event: Watch;
  /** e.g. `Lease plndr-svcs-lock: agent-1`. */
  readonly detail: string;
}

/** @param before name of the machine that held the address; undefined: not known. */
export function detection({ events }: Facts, { begin }: Disturbance, before?: string): Detection | undefined {
  const watched = eventsOf(events, 'watch').filter(({ verb }) => verb !== 'DELETED');
  const earlier = watched.filter(({ at }) => at < begin);
  const detect = (event: Watch): string | undefined => {
    const announcer = announcerIn(event);
    if (announcer === undefined || announcer === before) return undefined;
    // An Event is told once, and of now; a status or a lease that already said so before the fault says nothing new.
    const isNews =
      event.kind === 'Event' || !earlier.some((old) => isOfSame(old, event) && announcerIn(old) === announcer);
    return isNews ? announcer : undefined;
  };
  for (const event of watched.filter(({ at }) => at >= begin)) {
    const announcer = detect(event);
    if (announcer !== undefined) return { event, detail: `${event.kind} ${event.name}: ${announcer}` };
  }
  return undefined;
}

/** Each node that announces has a status object of its own, with a name of its own: they are told apart by kind only. */
function isOfSame(one: Watch, other: Watch): boolean {
  return one.kind === other.kind && (one.kind === 'ServiceL2Status' || one.name === other.name);
}

/** The machine that announces, as this object has it. */
function announcerIn({ kind, name, summary }: Watch): string | undefined {
  const said = {
    Lease: LEASES.test(name) ? summary['holder'] : undefined,
    ServiceL2Status: summary['node'],
    // MetalLB: announcing from node "agent-1" with protocol "layer2".
    Event: summary['reason'] === 'nodeAssigned' ? /node "([^"]+)"/.exec(String(summary['message']))?.[1] : undefined,
  }[kind as string];
  return said ? String(said) : undefined;
}
