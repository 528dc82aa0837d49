/** Several faults in one history: what is whose. */
import { describe, expect, test } from 'vitest';
import { failedOver, overlayBlocked } from './example.ts';
import type { Expectation } from './expectation.ts';
import { judge } from './judge.ts';

/** The overlay of agent-1 is blocked for 40 s; 10 s into that the announcer is killed, and gone for 3 s. */
const nested = (seed = 1) =>
  failedOver(seed, 3, {
    lasting: 90,
    fault: { kind: 'block-port', nodes: ['agent-1'], parameters: { port: 8472 }, takesMs: 5, lasting: 40 },
    more: [{ kind: 'node-kill', nodes: ['agent-0'], takesMs: 12, lasting: 20, at: 10, selector: 'announcer()' }],
    probes: [
      {
        name: 'edge-http-new',
        layer: 'http',
        rateHz: 100,
        sees: [
          { from: 2, to: 2.6, result: 'refused' },
          { from: 10, to: 13, result: 'timeout' },
          { from: 36, to: 39.9, result: 'http-502' },
        ],
      },
    ],
    events: [],
  });

const checkOf = (expectation: Expectation) => {
  const { checks } = judge(nested(), [expectation]);
  return checks.find(({ check }) => check.startsWith(expectation.check));
};
const between = { probe: 'edge-http-new', atLeastMs: 2900, atMostMs: 3100 };

describe('where there are several faults', () => {
  test('an outage that is asked of one of them is what was lost while that one was there', () => {
    expect(checkOf({ check: 'outage', ...between, fault: 'fault-1' })).toMatchObject({
      check: 'outage edge-http-new (fault-1)',
      outcome: 'pass',
      reason: expect.stringMatching(/^fault-1 \(node-kill on agent-0\): edge-http-new was out for 3\.0/),
    });
  });

  test('without a name it is the longest from the first injection to the last healing', () => {
    expect(checkOf({ check: 'outage', ...between })).toMatchObject({
      check: 'outage edge-http-new',
      outcome: 'fail',
      reason: expect.stringMatching(/^all faults: edge-http-new was out for 3\.9/),
    });
  });

  test('losses of another one do not count against the one that is asked', () => {
    const lost = (fault?: string) =>
      checkOf({ check: 'loss-at-most', probe: 'edge-http-new', share: 0.13, ...(fault && { fault }) })?.outcome;
    expect(lost('fault-1')).toBe('pass');
    expect(lost()).toBe('fail');
  });

  test('a fault that the history does not have is no pass', () => {
    expect(checkOf({ check: 'loss-at-most', probe: 'edge-http-new', share: 1, fault: 'fault-2' })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'no fault fault-2 was injected; those that were: fault-0, fault-1',
    });
  });

  test('times count from the one that the failover names, and every one has its marks', () => {
    const envelope = { medianMs: 3000, formula: 'three adverts' };
    const verdict = judge(nested(), [{ check: 'failover', ...between, ...envelope, fault: 'fault-1' }]);
    expect(verdict.subject).toBe('fault-1');
    expect(verdict.envelope).toEqual({ ...between, ...envelope });
    const [probe] = verdict.probes;
    expect(probe?.failover?.estimate).toBeCloseTo(3000, -2);
    const marks = verdict.milestones.map(({ what, at }) => [what, Math.round(at.estimate / 1000)]);
    expect(marks).toEqual(
      expect.arrayContaining([
        ['fault-0 in force', -10],
        ['fault-1 in force', 0],
        ['fault-1 healed', 20],
        ['fault-0 healed', 30],
      ]),
    );
  });

  test('the headline tells of the one, and of what was in force when it came', () => {
    const { headline } = judge(nested(), [{ check: 'outage', ...between, fault: 'fault-1' }]);
    expect(headline).toMatch(/after node agent-0 was killed, while 8472\/undefined was blocked on node agent-1/);
  });

  test('the headline tells of both where neither stands out', () => {
    const { headline, subject } = judge(
      overlayBlocked(1, { more: [{ kind: 'node-pause', nodes: ['agent-0'], takesMs: 5, lasting: 3, at: 4 }] }).filter(
        ({ type }) => type !== 'target',
      ),
      [{ check: 'reachability', lost: 'cross-node-of-target' }],
    );
    expect(subject).toBeUndefined();
    expect(headline).toContain('while 8472/udp was blocked on node agent-1 and node agent-0 was frozen');
  });

  test('one that touches nothing is what was asked for where nothing is expected of it, and of no other', () => {
    const touchless = (fault: string) =>
      nested().map((event) =>
        event.type === 'fault.prove' && event.fault === fault ? { ...event, effect: false } : event,
      );
    const proved = (fault: string, share: number) =>
      judge(touchless(fault), [{ check: 'loss-at-most', probe: 'edge-http-new', share, fault: 'fault-0' }]).checks.find(
        ({ check }) => check === 'fault proved',
      )?.outcome;
    expect(proved('fault-0', 0.01)).toBe('pass');
    expect(proved('fault-0', 0.5)).toBe('inconclusive');
    expect(proved('fault-1', 0.01)).toBe('inconclusive');
  });

  test('one that was not proved is named', () => {
    const events = nested().map((event) =>
      event.type === 'fault.prove' && event.fault === 'fault-0' ? { ...event, effect: false } : event,
    );
    expect(judge(events, []).reason).toMatch(/^no effect: block-port touched nothing/);
  });
});
