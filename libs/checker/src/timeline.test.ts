import type { Stamped } from '@faultline/history';
import { describe, expect, test } from 'vitest';
import { announcerKilled, endpointKilled, failedOver } from './example.ts';
import { judge } from './judge.ts';
import { disorder, isInOrder } from './stage-order.ts';
import { addressHeld, claim, leaseHeld, neighbour, nodeAssigned, type Holding } from './synthetic-address.ts';
import type { SyntheticEvent, SyntheticOptions } from './synthetic-run.ts';
import { STAGES, type Stage, type StageTime } from './verdict.ts';

const timelineOf = (events: readonly Stamped[]) => judge(events, []).timeline;
const stageOf = (stage: Stage, events: readonly Stamped[]): StageTime | undefined =>
  timelineOf(events).find((time) => time.stage === stage);
const without = (types: readonly string[], events: readonly Stamped[]) =>
  events.filter(({ type }) => !types.includes(type));

/** A failover in which only the address is of interest. */
function moved(
  holdings: readonly Holding[],
  events: readonly SyntheticEvent[],
  changes: Partial<SyntheticOptions> = {},
) {
  const address = addressHeld(holdings);
  return failedOver(1, 5, { probes: [address.probe], events: [...address.events, ...events], ...changes });
}
const FROM_0_TO_1: readonly Holding[] = [
  { from: -Infinity, by: ['agent-0'] },
  { from: 0, by: [] },
  { from: 5, by: ['agent-1'] },
];

describe('the timeline of a failover', () => {
  test('has every stage once, each with its time, in order, and the truth in its interval', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const timeline = timelineOf(failedOver(seed, 5.54));
      expect(timeline.map(({ stage }) => stage)).toEqual(STAGES);
      expect(isInOrder(timeline)).toBe(true);
      const truth = { 'new owner': 5540, 'first gratuitous ARP': 5540, 'neighbour updated': 5542, 'first TCP': 5543 };
      for (const [stage, ms] of Object.entries(truth)) {
        const at = timeline.find((time) => time.stage === stage)?.at;
        expect(at?.low).toBeLessThanOrEqual(ms + 0.001);
        expect(at?.high).toBeGreaterThanOrEqual(ms);
      }
    }
  });

  test('tells of the new owner, not of who claimed the address beside it, nor of who had it long before', () => {
    const holdings = [
      { from: -Infinity, by: ['agent-1'] },
      { from: -15, by: ['agent-0'] },
      ...FROM_0_TO_1.slice(1),
    ] as const;
    const beside = [claim(4.99, 'server-0'), neighbour(4.992, 'server-0')];
    const events = moved(holdings, beside);
    expect(stageOf('new owner', events)?.at?.estimate).toBeGreaterThan(4999);
    expect(stageOf('first gratuitous ARP', events)).toMatchObject({ at: { low: 5000 }, detail: 'from agent-1' });
    expect(stageOf('neighbour updated', events)?.at?.low).toBe(5002);
  });

  test('is empty where the fault did not strike the announcer', () => {
    const events = endpointKilled(2).map((event): Stamped =>
      event.type === 'target' ? { ...event, selector: 'endpoint()' } : event,
    );
    expect(timelineOf(events)).toEqual([]);
    expect(timelineOf(failedOver(1, 5, { fault: null }))).toEqual([]);
  });

  test('is there as well where the struck node, by whatever name, held the address', () => {
    const events = failedOver(1).map((event): Stamped =>
      event.type === 'target' ? { ...event, selector: 'agent(0)' } : event,
    );
    expect(timelineOf(events)).toHaveLength(STAGES.length);
  });

  test('of an old history names what was not followed, and is complete all the same', () => {
    const timeline = timelineOf(announcerKilled(1));
    const missing = timeline.filter(({ at }) => at === null).map(({ stage, detail }) => `${stage}: ${detail}`);
    expect(missing).toEqual([
      'detected: VRRP tells nobody before it announces',
      "neighbour updated: the client's neighbour table was not followed",
      'first UDP: the load balancer carries no UDP',
    ]);
    expect(isInOrder(timeline)).toBe(true);
  });
});

describe('detected', () => {
  const cell = (loadBalancer: string) => ({ begin: { cell: { loadBalancer }, substrate: 'k3s' as const } });
  const detail = (events: readonly SyntheticEvent[], loadBalancer = 'kube-vip-arp') =>
    stageOf('detected', moved(FROM_0_TO_1, events, cell(loadBalancer)));

  test('is the first word of another announcer: a lease, a status, or an Event', () => {
    const lease = detail([leaseHeld(-20, 'agent-0'), leaseHeld(4.8, 'agent-1'), nodeAssigned(4.9, 'agent-1')]);
    expect(lease).toMatchObject({ detail: 'Lease plndr-svcs-lock: agent-1', at: { estimate: 4800 } });
    expect(
      detail([leaseHeld(-20, 'agent-0', 'kubevip-traefik'), leaseHeld(4.8, 'agent-1', 'kubevip-traefik')])?.at,
    ).toBeTruthy();
    expect(detail([nodeAssigned(5.1, 'agent-1')], 'metallb-l2')).toMatchObject({
      detail: 'Event traefik.17: agent-1',
      at: { estimate: 5100 },
    });
  });

  test('is not what names the old one, what was so before, or a lease of something else', () => {
    const nothing = { at: null, detail: 'no lease, status or Event told of a new announcer' };
    expect(detail([leaseHeld(2, 'agent-0'), nodeAssigned(3, 'agent-0')])).toMatchObject(nothing);
    expect(detail([leaseHeld(-20, 'agent-1'), leaseHeld(2, 'agent-1')])).toMatchObject(nothing);
    expect(detail([leaseHeld(2, 'agent-1', 'kube-scheduler')])).toMatchObject(nothing);
    expect(detail([leaseHeld(2, 'agent-1', 'kube-scheduler')])?.excused).toBeUndefined();
  });

  test('is excused where nobody watched', () => {
    expect(detail([])).toMatchObject({ at: null, detail: 'the control plane was not watched', excused: true });
  });
});

describe('a stage without a time says why', () => {
  const kept: readonly Holding[] = [{ from: -Infinity, by: ['agent-0'] }];

  test('an address that stayed', () => {
    for (const stage of ['new owner', 'first gratuitous ARP', 'neighbour updated'] as const) {
      const found = stageOf(stage, moved(kept, []));
      expect(found).toMatchObject({ at: null, detail: 'the address did not move: agent-0 kept it', excused: true });
    }
  });

  test('an address that nobody took over, which is not excused', () => {
    const gone = moved(FROM_0_TO_1.slice(0, 2), []);
    expect(stageOf('new owner', gone)).toEqual({
      stage: 'new owner',
      at: null,
      detail: 'nobody else answered who-has while it was watched',
    });
    expect(isInOrder(timelineOf(gone))).toBe(false);
  });

  test('with ServiceLB it is how it works', () => {
    const gone = failedOver(1, 500, { begin: { cell: { loadBalancer: 'servicelb' } } });
    const timeline = timelineOf(gone);
    expect(timeline.find(({ stage }) => stage === 'first TCP')?.detail).toBe('never came back while it was watched');
    expect(isInOrder(timeline)).toBe(true);
    expect(isInOrder(timelineOf(failedOver(1, 500)))).toBe(false);
  });

  test('a probe that lost nothing, or a share, or was not sent', () => {
    const tcp = (sees: SyntheticOptions['probes'][number]['sees']) =>
      stageOf('first TCP', failedOver(1, 5, { probes: [{ name: 'edge-tcp', layer: 'tcp', rateHz: 100, sees }] }));
    // By luck, more than ten in a row are lost.
    const half = tcp([{ from: 0, to: 35, result: 'timeout', share: 0.48 }]);
    expect(half?.detail).toMatch(/^only a share was lost/);
    expect(tcp([])).toMatchObject({ at: null, detail: 'nothing was lost', excused: true });
    expect(tcp([{ from: 0, to: 30, result: 'timeout', share: 0.3 }])?.detail).toMatch(/^only a share was lost/);
    expect(tcp([{ from: 0, to: 0.04, result: 'timeout' }])?.detail).toMatch(
      /^lost samples: [34], too few to be an outage$/,
    );
    expect(stageOf('first UDP', failedOver(1, 5, { probes: [] }))?.detail).toBe('no UDP was sent');
  });

  test('a neighbour entry that was followed and never changed, which is not excused', () => {
    const stale = without(['neighbour'], moved(FROM_0_TO_1, []));
    const followed = moved(FROM_0_TO_1, [neighbour(-10, 'agent-0')]).filter(
      (event) => event.type !== 'neighbour' || event.node === 'agent-0',
    );
    expect(stageOf('neighbour updated', stale)?.excused).toBe(true);
    expect(stageOf('neighbour updated', followed)).toMatchObject({
      at: null,
      detail: 'the client kept the old entry while it was watched',
    });
    expect(stageOf('neighbour updated', followed)?.excused).toBeUndefined();
  });

  test('an announcement that nobody captured, which is not excused', () => {
    const silent = stageOf('first gratuitous ARP', without(['arp'], moved(FROM_0_TO_1, [])));
    expect(silent).toEqual({ stage: 'first gratuitous ARP', at: null, detail: 'none of the new owner was captured' });
  });
});

describe('the first answer', () => {
  test('is the one after the silence, also where a share goes on being lost after it', () => {
    const sees = [
      { from: 0, to: 5, result: 'timeout' as const },
      { from: 5, to: 50, result: 'timeout' as const, share: 1 / 3 },
    ];
    const events = failedOver(3, 5, { probes: [{ name: 'edge-tcp', layer: 'tcp', rateHz: 200, sees }] });
    expect(stageOf('first TCP', events)?.at?.estimate).toBeGreaterThan(4990);
    expect(stageOf('first TCP', events)?.at?.estimate).toBeLessThan(5060);
  });
});

describe('an order that makes sense', () => {
  const timeline = timelineOf(failedOver(1));
  const at = (low: number, high = low) => ({ low, estimate: (low + high) / 2, high });
  const changed = (stage: Stage, low: number, high = low) =>
    timeline.map((time) => (time.stage === stage ? { ...time, at: at(low, high) } : time));

  test('is that of the synthetic failover', () => {
    expect(disorder(timeline)).toBeNull();
  });

  test('has nothing before the fault', () => {
    expect(disorder(changed('detected', -500))).toBe('detected ended before fault in force began');
  });

  test('has no answer before there is a new owner, in whichever way it was seen first', () => {
    expect(disorder(changed('first TCP', 3000))).toBe('first TCP ended before new owner began');
    expect(disorder(changed('neighbour updated', 5000, 5300))).not.toBeNull();
    // kube-vip answers who-has as soon as it has the address, and announces at the next tick of up to 3 s.
    expect(disorder(changed('first gratuitous ARP', 8000))).toBeNull();
    expect(disorder(changed('first TCP', 5000, 5550))).toBeNull();
  });

  test('lets a watch tell late', () => {
    expect(disorder(changed('detected', 9000))).toBeNull();
  });

  test('has the steady state after the first answers', () => {
    expect(disorder(changed('steady', 5200))).toMatch(/^steady ended before first/);
  });
});

test('what happened to the neighbour entry and to the stream is told among the milestones', () => {
  const told = judge(failedOver(1), []).milestones.map(({ what, detail }) => `${what}: ${detail}`);
  expect(told).toEqual(
    expect.arrayContaining([
      'neighbour updated: the client sends to agent-1',
      'stream abandoned: edge-stream: silent for 5.0 s',
      'stream opened again: edge-stream',
    ]),
  );
});
