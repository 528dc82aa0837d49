import { readFileSync } from 'node:fs';
import { SECOND, type RunEvent, type SampleRow, type Stamped } from '@faultline/history';
import { describe, expect, test } from 'vitest';
import { combine } from './combine.ts';
import { announcerKilled, endpointKilled, overlayBlocked } from './example.ts';
import type { Expectation } from './expectation.ts';
import { judge } from './judge.ts';
import { parseVerdict, verdictJsonSchema } from './schema.ts';
import type { Verdict } from './verdict.ts';

const VRRP: Expectation = { check: 'outage', probe: 'edge-http-new', atLeastMs: 2550, atMostMs: 3750 };
const THIRD: Expectation = {
  check: 'loss-share',
  probe: 'edge-http-new',
  share: 0.333,
  within: 0.06,
  atLeastMs: 40_000,
  atMostMs: 60_000,
};
const OVERLAY: Expectation = { check: 'reachability', lost: 'cross-node-of-target' };

const replaced = <T extends RunEvent['type']>(
  events: readonly Stamped[],
  type: T,
  change: Partial<Extract<RunEvent, { type: T }>>,
): Stamped[] => events.map((event) => (event.type === type ? { ...event, ...change } : event));
const without = (events: readonly Stamped[], isUnwanted: (event: Stamped) => boolean): Stamped[] =>
  events.filter((event) => !isUnwanted(event));
const checkOf = (verdict: Verdict, name: string): string | undefined =>
  verdict.checks.find(({ check }) => check === name)?.outcome;

describe('an outage as expected', () => {
  test('passes, and the headline says how long clients were without service', () => {
    const verdict = judge(announcerKilled(1), [VRRP]);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.headline).toBe(
      'Clients could not reach userlist through 198.18.4.200 for 3.18 s ± 0.02 s after node server-0 was killed.',
    );
  });

  test('that takes too long, or is too short, fails with the figures', () => {
    expect(judge(announcerKilled(1, 4.2), [VRRP])).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/4\.26 s.*expected 2\.55 s to 3\.75 s/),
    });
    expect(judge(announcerKilled(1, 1), [VRRP]).outcome).toBe('fail');
  });

  test('that never ends fails, and says for how long it was watched', () => {
    const verdict = judge(announcerKilled(1, 500), [VRRP]);
    expect(verdict).toMatchObject({ outcome: 'fail', reason: expect.stringMatching(/did not come back/) });
    expect(verdict.headline).toMatch(
      /for at least 70\.0 s, until the end of the measurement, after node server-0 was killed/,
    );
    expect(judge(announcerKilled(1, 500), [{ check: 'never-recovers', probe: 'edge-http-new' }]).outcome).toBe('pass');
  });

  test('that ended is no total loss', () => {
    expect(judge(announcerKilled(1), [{ check: 'never-recovers', probe: 'edge-http-new' }]).outcome).toBe('fail');
  });

  test('is measured with the truth in its bound, for every probe, whatever the seed', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { probes } = judge(announcerKilled(seed, 3.12), [VRRP]);
      const truth = { 'edge-icmp': 3120, 'edge-tcp': 3170, 'edge-http-new': 3180, 'edge-http-kept': 3200 };
      for (const [probe, length] of Object.entries(truth)) {
        const duration = probes.find((measure) => measure.probe === probe)?.outages[0]?.duration;
        expect(duration?.low).toBeLessThanOrEqual(length);
        expect(duration?.high).toBeGreaterThanOrEqual(length);
      }
    }
  });

  test('is the same when a sample was lost by chance just before the fault', () => {
    const sees = (stray: number) => [
      { from: stray, to: stray + 0.02, result: 'timeout' as const },
      { from: 0, to: 3, result: 'timeout' as const },
    ];
    const of = (stray: number): Verdict =>
      judge(
        announcerKilled(4, 3, { probes: [{ name: 'edge-http-new', layer: 'http', rateHz: 100, sees: sees(stray) }] }),
        [VRRP],
      );
    expect(of(-0.7).probes[0]?.worst).toEqual(of(-10).probes[0]?.worst);
    expect(of(-0.7).probes[0]?.struck).toEqual(of(-10).probes[0]?.struck);
    expect(of(-0.7).outcome).toBe('pass');
  });

  test("that had begun before the fault, because the host was busy, is the fault's from its begin on", () => {
    const sees = [{ from: -0.4, to: 3, result: 'timeout' as const }];
    const run = announcerKilled(4, 3, { probes: [{ name: 'edge-http-new', layer: 'http', rateHz: 100, sees }] });
    const verdict = judge(run, [VRRP]);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.probes[0]?.worst?.duration.estimate).toBeCloseTo(3010, -1.5);
    // What ended before the fault did anything is none of it.
    const over = [{ from: -0.4, to: -0.05, result: 'timeout' as const }];
    const before = announcerKilled(4, 3, {
      probes: [{ name: 'edge-http-new', layer: 'http', rateHz: 100, sees: over }],
    });
    expect(judge(before, []).probes[0]?.struck).toBeNull();
  });

  test('tells its story in order', () => {
    const whats = judge(announcerKilled(1), [VRRP]).milestones.map(({ what }) => what);
    const wanted = ['first gratuitous ARP', 'first ICMP', 'first TCP', 'first HTTP', 'all good again'];
    expect(whats.filter((what, index) => wanted.includes(what) && whats.indexOf(what) === index)).toEqual(wanted);
    expect(whats).toContain('new owner');
  });
});

describe('a share of requests', () => {
  test('lost steadily for a while, then none, passes', () => {
    expect(judge(endpointKilled(2), [THIRD, { check: 'nodes-ready', butTarget: true }])).toMatchObject({
      outcome: 'pass',
    });
  });

  test('counts from when the address is back, where that is said', () => {
    const killed = endpointKilled(2);
    const inForce = killed.find((event) => event.type === 'fault.inject' && event.edge === 'end')?.at ?? 0;
    const isGone = (at: number): boolean => at >= inForce && at < inForce + 9 * SECOND;
    const moved = killed.map((event) =>
      event.type !== 'samples' || event.probe !== 'edge-http-new'
        ? event
        : { ...event, rows: event.rows.map((row) => (isGone(row[1]) ? row.with(4, 'timeout') : row) as SampleRow) },
    );
    expect(judge(moved, [THIRD])).toMatchObject({ outcome: 'fail', reason: expect.stringContaining('not steadily') });
    expect(judge(moved, [{ ...THIRD, afterMs: 9000 }])).toMatchObject({
      outcome: 'pass',
      reason: expect.stringContaining('from 9.00 s on'),
    });
  });

  test('of another size, or for another time, fails', () => {
    expect(judge(endpointKilled(2), [{ ...THIRD, share: 0.5 }]).outcome).toBe('fail');
    expect(judge(endpointKilled(2, 30), [THIRD]).outcome).toBe('fail');
    expect(judge(announcerKilled(2), [THIRD]).outcome).toBe('fail');
  });

  test('is told as one episode, not as hundreds of outages', () => {
    const { headline, probes } = judge(endpointKilled(2), [THIRD]);
    expect(headline).toMatch(
      /^Clients lost 3\d % of their requests to userlist through 198\.18\.4\.200 for 5\d\.\d s ± 0\.\d s, then none, after node/,
    );
    expect(probes.find(({ probe }) => probe === 'edge-http-new')?.episodes).toHaveLength(1);
  });
});

describe('a loss that is at most so much', () => {
  const api: Expectation = { check: 'loss-at-most', probe: 'edge-icmp', share: 0 };

  test('passes without any, and fails with one', () => {
    expect(judge(endpointKilled(2), [api]).outcome).toBe('pass');
    expect(judge(announcerKilled(2), [api])).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/edge-icmp lost 4\.5 %/),
    });
  });

  test('is in doubt where as much was lost before the fault', () => {
    const sees = [{ from: -20, to: 70, result: 'timeout' as const, share: 0.02 }];
    const noisy = announcerKilled(2, 3, { probes: [{ name: 'edge-icmp', layer: 'icmp', rateHz: 100, sees }] });
    expect(judge(noisy, [api])).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^never steady: edge-icmp lost 1\.9 %/),
    });
  });
});

test('an outage with losses around it is told as the outage that it is', () => {
  const sees = [
    { from: -0.1, to: 0, result: 'timeout' as const, share: 0.5 },
    { from: 0.4, to: 3, result: 'timeout' as const },
  ];
  const events = announcerKilled(5, 3, { probes: [{ name: 'edge-http-new', layer: 'http', rateHz: 100, sees }] });
  expect(judge(events, []).headline).toMatch(
    /could not reach userlist through 198\.18\.4\.200 for 2\.6\d s ± 0\.0\d s after/,
  );
});

test('a stray loss is no outage in the headline', () => {
  const sees = [{ from: 5, to: 5.02, result: 'timeout' as const }];
  const events = announcerKilled(5, 3, { probes: [{ name: 'edge-http-new', layer: 'http', rateHz: 100, sees }] });
  expect(judge(events, []).headline).toBe(
    'Clients lost 2 of 7001 requests (< 0.1 %) to userlist through 198.18.4.200 while node server-0 was dead.',
  );
});

describe('nodes', () => {
  test('that become NotReady fail, unless they are the target', () => {
    expect(judge(endpointKilled(2), [{ check: 'nodes-ready', butTarget: false }])).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/^agent-1 was Unknown 54\.6 s/),
    });
  });

  test('that nobody watched are inconclusive', () => {
    expect(judge(announcerKilled(1), [{ check: 'nodes-ready', butTarget: true }]).outcome).toBe('inconclusive');
  });
});

describe('reachability', () => {
  test('is lost exactly between the target and the others', () => {
    const verdict = judge(overlayBlocked(3), [OVERLAY]);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.matrix.filter(({ during }) => (during ?? 0) > 0.9).map(({ from, to }) => `${from} ${to}`)).toEqual([
      'server-0 agent-1',
      'agent-0 agent-1',
      'agent-1 server-0',
      'agent-1 agent-0',
    ]);
    expect(verdict.matrix.every(({ before, after }) => before === 0 && after === 0)).toBe(true);
  });

  test('lost where none should be fails, and names the pair', () => {
    expect(judge(overlayBlocked(3), [{ check: 'reachability', lost: 'none' }])).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/server-0 → agent-1 lost 100 %/),
    });
  });
});

describe('what is no experiment is inconclusive', () => {
  const inconclusive = (events: readonly Stamped[], reason: RegExp, expectation: Expectation = VRRP): void => {
    const verdict = judge(events, [expectation]);
    expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: expect.stringMatching(reason) });
    expect(verdict.checks.find(({ check }) => check.startsWith(expectation.check))?.outcome).toBe('inconclusive');
  };

  test('never steady', () =>
    inconclusive(
      replaced(announcerKilled(1), 'steady', { ok: false, detail: 'edge-tcp silent' }),
      /^never steady: edge-tcp silent/,
    ));

  test('losing before the fault', () => {
    const noisy = announcerKilled(1, 3.12, {
      probes: [
        {
          name: 'edge-http-new',
          layer: 'http',
          rateHz: 100,
          sees: [
            { from: -15, to: -13, result: 'timeout' },
            { from: 0, to: 3, result: 'timeout' },
          ],
        },
      ],
    });
    inconclusive(noisy, /^never steady: edge-http-new lost 10 %/);
  });

  test('a fault that is not in force, or touched nothing', () => {
    inconclusive(
      replaced(announcerKilled(1), 'fault.prove', { state: false }),
      /^no effect: node-kill is not in force/,
    );
    inconclusive(
      replaced(announcerKilled(1), 'fault.prove', { effect: false }),
      /^no effect: node-kill touched nothing/,
    );
    inconclusive(
      without(announcerKilled(1), ({ type }) => type === 'fault.prove'),
      /^no effect: node-kill was never proved/,
    );
    inconclusive(announcerKilled(1, 3, { fault: null }), /^no effect: no fault was injected/);
  });

  test('but a block that nothing runs into may touch nothing, where no loss is expected', () => {
    const untouched = without(overlayBlocked(3), (event) => event.type === 'samples' && /agent-1/.test(event.probe));
    const harmless = replaced(
      without(untouched, (event) => event.type === 'probe.begin' && /agent-1/.test(event.probe.name)),
      'fault.prove',
      { effect: false },
    );
    expect(judge(harmless, [{ check: 'reachability', lost: 'none' }]).outcome).toBe('pass');
  });

  test('a prober that was late', () =>
    inconclusive(announcerKilled(1, 3.12, { lateMs: 80 }), /^prober late: edge-http-new was 7\d/));

  test('a run that was interrupted, or failed', () => {
    inconclusive(
      replaced(announcerKilled(1), 'run.end', { outcome: 'interrupted', error: 'by SIGINT' }),
      /^interrupted in phase collect: by SIGINT/,
    );
    inconclusive(
      replaced(announcerKilled(1), 'run.end', { outcome: 'failed', error: 'disk full' }),
      /^run failed in phase collect: disk full/,
    );
  });

  test('a history that is cut off anywhere', () => {
    const events = announcerKilled(1);
    const end = events.findIndex(
      (event) => event.type === 'phase' && event.phase === 'collect' && event.edge === 'end',
    );
    for (let length = 0; length < end; length += 61)
      expect(judge(events.slice(0, length), [VRRP])).toMatchObject({ outcome: 'inconclusive', reason: /./ });
    inconclusive(events.slice(0, end), /^cut off: the history ends in phase collect/);
  });

  test('an expectation of a probe that is not there', () =>
    inconclusive(announcerKilled(1), /^no samples/, { check: 'outage', probe: 'edge-udp', atLeastMs: 0, atMostMs: 1 }));

  test('a check that throws, with its error', () => {
    const broken = {
      check: 'outage',
      probe: 'edge-http-new',
      get atLeastMs(): number {
        throw new Error('boom');
      },
      atMostMs: 1,
    } as unknown as Expectation;
    expect(() => judge(announcerKilled(1), [broken])).not.toThrow();
    expect(judge(announcerKilled(1), [broken])).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/boom/),
    });
  });
});

describe('what is left behind fails', () => {
  test('a line of the data plane that differs', () => {
    const verdict = judge(replaced(overlayBlocked(3), 'dataplane', { residue: ['table inet faultline'] }), [OVERLAY]);
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'left behind on agent-1: table inet faultline' });
  });

  test('a fault that could not be healed', () => {
    expect(
      checkOf(judge(replaced(overlayBlocked(3), 'fault.heal', { error: 'nft hangs' }), [OVERLAY]), 'fault healed'),
    ).toBe('fail');
  });

  test('a service that does not come back', () => {
    const events = overlayBlocked(3).map((event): Stamped =>
      event.type === 'steady' && event.when === 'after' ? { ...event, ok: false } : event,
    );
    expect(checkOf(judge(events, [OVERLAY]), 'steady after')).toBe('fail');
  });
});

test('a fail outweighs a doubt, a doubt a pass, and nothing checked is nothing shown', () => {
  expect(combine(['pass', 'inconclusive', 'fail'])).toBe('fail');
  expect(combine(['pass', 'inconclusive'])).toBe('inconclusive');
  expect(combine(['pass', 'pass'])).toBe('pass');
  expect(combine([])).toBe('inconclusive');
});

describe('verdict.json', () => {
  test('is read back as it was written', () => {
    for (const verdict of [
      judge(announcerKilled(1, 500), [VRRP]),
      judge(overlayBlocked(3), [OVERLAY]),
      judge([], [VRRP]),
    ]) {
      expect(parseVerdict(JSON.stringify(verdict))).toEqual(verdict);
    }
  });

  test('that is none is refused, with the field that is wrong', () => {
    expect(() => parseVerdict('{', 'runs/x/verdict.json')).toThrow(/^runs\/x\/verdict\.json: not JSON/);
    expect(() => parseVerdict(JSON.stringify({ ...judge([], []), outcome: 'maybe' }))).toThrow(/outcome: /);
  });

  test('has the schema that is kept beside it', () => {
    const kept = readFileSync(new URL('../verdict.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(kept), 'write it again: vitest cannot, see the README of checker').toEqual(
      JSON.parse(JSON.stringify(verdictJsonSchema())),
    );
  });
});
