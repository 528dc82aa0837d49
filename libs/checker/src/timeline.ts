/** The stages of a failover: when each was reached, or why it has no time. */
import { announcement, lastAsked, neighbourUpdate, newOwner } from './address.ts';
import { detection } from './detection.ts';
import { eventsOf } from './facts.ts';
import type { Judged } from './judged.ts';
import type { Observed } from './measure.ts';
import { allGood, isSilence, relativeTo, silenceEdges, struckClients, type Since } from './milestone.ts';
import { RECOVERY } from './outage.ts';
import { STAGES, type Stage, type StageTime } from './verdict.ts';

type Moment = Omit<StageTime, 'stage'>;

/** Why a stage has no time. Excused: it could not have one. */
const missing = (detail: string): Moment => ({ at: null, detail });
const excused = (detail: string): Moment => ({ at: null, detail, excused: true });

const NEVER = 'never came back while it was watched';

/** Every stage once. Empty where no fault was in force, or it did not strike the machine that held the address. */
export function timeline(situation: Judged): readonly StageTime[] {
  if (!Number.isFinite(situation.when.inForce) || !struckTheAnnouncer(situation)) return [];
  const since = relativeTo(situation.when);
  return STAGES.map((stage) => ({ stage, ...MOMENTS[stage](situation, since) }));
}

function struckTheAnnouncer({ facts, address: { before, nameOf } }: Judged): boolean {
  const isAsked = eventsOf(facts.events, 'target').some(({ selector }) => selector === 'announcer()');
  return isAsked || facts.faults.some(({ nodes }) => before.some((mac) => nodes.includes(nameOf(mac))));
}

const MOMENTS: Readonly<Record<Stage, (situation: Judged, since: Since) => Moment>> = {
  'fault in force': ({ facts, when }, since) => ({
    at: since(when.begin, when.inForce),
    detail: facts.faults.map(({ kind, nodes }) => `${kind} on ${nodes.join(', ')}`).join('; '),
  }),
  detected: detected,
  'new owner': (situation, since) => {
    const owner = newOwner(situation.address, situation.when);
    if (!owner) return unmoved(situation) ?? missing('nobody else answered who-has while it was watched');
    const { mac, earliest, latest } = owner;
    return { at: since(earliest, latest), detail: `${situation.address.nameOf(mac)} answers who-has` };
  },
  'first gratuitous ARP': (situation, since) => {
    const told = announcement(situation.address, situation.when);
    if (!told) return unmoved(situation) ?? missing('none of the new owner was captured');
    return { at: since(told.time, told.time), detail: `from ${situation.address.nameOf(told.senderMac)}` };
  },
  'neighbour updated': neighbourUpdated,
  'first UDP': (situation, since) => firstAnswer('udp', situation, since),
  'first TCP': (situation, since) => firstAnswer('tcp', situation, since),
  'first HTTP': (situation, since) => firstAnswer('http', situation, since),
  steady,
};

/** Where the address stayed what has to do with moving it has no time; undefined: it moved, or should have. */
function unmoved({ facts, when, address }: Judged): Moment | undefined {
  const { questions, before, nameOf } = address;
  if (newOwner(address, when) || announcement(address, when)) return undefined;
  if (questions.length === 0) return excused('nobody asked who-has');
  // A node's own address goes nowhere when the node dies; and one that is alive keeps a virtual one as well.
  if (facts.begin?.cell['loadBalancer'] === 'servicelb')
    return excused('the address did not move: with ServiceLB each node answers at its own');
  const holders = lastAsked(address, when).flatMap(({ owners }) => owners);
  const holder = before.find((mac) => holders.includes(mac));
  return holder === undefined ? undefined : excused(`the address did not move: ${nameOf(holder)} kept it`);
}

function detected(situation: Judged, since: Since): Moment {
  const { facts, when, address } = situation;
  const loadBalancer = facts.begin?.cell['loadBalancer'];
  if (loadBalancer === 'keepalived') return excused('VRRP tells nobody before it announces');
  const [holder] = address.before;
  const found = detection(facts, when, holder === undefined ? undefined : address.nameOf(holder));
  if (found) return { at: since(found.event.at, found.event.at), detail: found.detail };
  if (eventsOf(facts.events, 'watch').length === 0) return excused('the control plane was not watched');
  return unmoved(situation) ?? missing('no lease, status or Event told of a new announcer');
}

function neighbourUpdated(situation: Judged, since: Since): Moment {
  const { facts, when, address } = situation;
  const updated = neighbourUpdate(facts, address, when);
  if (updated)
    return {
      at: since(updated.time, updated.time),
      detail: `the client sends to ${address.nameOf(updated.mac ?? '')} (${updated.state})`,
    };
  const stayed = unmoved(situation);
  if (stayed) return stayed;
  const isFollowed = eventsOf(facts.events, 'neighbour').length > 0;
  return isFollowed
    ? missing('the client kept the old entry while it was watched')
    : excused("the client's neighbour table was not followed");
}

/** The clients' probe of a layer: requests on new connections, to the address that is asked for. */
function clientsProbe(layer: string, { observations }: Judged): Observed | undefined {
  const ofLayer = observations.filter(({ probe }) => probe.description.layer === layer);
  const named = (wanted: string) => ofLayer.find(({ probe }) => probe.description.name === wanted);
  return named(`edge-${layer}`) ?? named(`edge-${layer}-new`) ?? ofLayer[0];
}

function firstAnswer(layer: 'udp' | 'tcp' | 'http', situation: Judged, since: Since): Moment {
  const observation = clientsProbe(layer, situation);
  const isHaproxy = situation.facts.begin?.cell['loadBalancer'] === 'keepalived';
  if (!observation && layer === 'udp' && isHaproxy) return excused('the load balancer carries no UDP');
  if (!observation) return excused(`no ${layer.toUpperCase()} was sent`);
  const { struck, probe } = observation;
  if (!struck) return excused('nothing was lost');
  if (struck.lost < RECOVERY.good) return excused(`lost samples: ${struck.lost}, too few to be an outage`);
  if (!isSilence(observation)) return excused('only a share was lost: answers came all the while');
  const edges = silenceEdges(observation);
  if (edges?.up) return { at: since(edges.up[0], edges.up[1], edges.estimate[1]), detail: probe.description.name };
  return notBack(situation);
}

/** With ServiceLB that is how it works: a node's own address dies with it. */
function notBack(situation: Judged): Moment {
  return situation.facts.begin?.cell['loadBalancer'] === 'servicelb' ? excused(NEVER) : missing(NEVER);
}

function steady(situation: Judged, since: Since): Moment {
  const { facts, when, observations } = situation;
  const edge = struckClients(observations);
  // Healing, and what it costs when the address goes back, is no part of the failover.
  const [good] = allGood(edge, since, when.healBegin);
  if (good) return { at: good.at, detail: good.detail };
  if (edge.length === 0) return excused('nothing was lost');
  const after = eventsOf(facts.events, 'steady').find(({ at, ok }) => ok && at >= when.begin);
  return after ? { at: since(after.at, after.at), detail: after.detail } : notBack(situation);
}
