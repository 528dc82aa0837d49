import type { Stamped } from '@faultline/history';
import { describe, expect, test } from 'vitest';
import { failedOver } from './example.ts';
import type { Expectation } from './expectation.ts';
import { judge } from './judge.ts';
import { addressHeld, addressOf, claim, inventory, macOf, type Holding } from './synthetic-address.ts';
import type { SyntheticEvent } from './synthetic-run.ts';
import type { CheckResult, Verdict } from './verdict.ts';

const OWNED: Holding = { from: -Infinity, by: ['agent-0'] };

/** A run in which nothing but the address is of interest: it is struck at 0, healed after 20 s, watched for 40 s. */
function held(holdings: readonly Holding[], events: readonly SyntheticEvent[] = []): readonly Stamped[] {
  const address = addressHeld(holdings);
  const tcp = { name: 'edge-tcp', layer: 'tcp' as const, rateHz: 50, sees: [] };
  return failedOver(1, 5, {
    lasting: 60,
    fault: { kind: 'node-pause', nodes: ['agent-0'], takesMs: 10, lasting: 20 },
    probes: [address.probe, tcp],
    events: [...address.events, ...events],
  });
}

const check = (verdict: Verdict, name: string): CheckResult | undefined =>
  verdict.checks.find((result) => result.check === name);
const judged = (events: readonly Stamped[], name: string, expectations: readonly Expectation[] = []) =>
  check(judge(events, expectations), name);
const owner = (is: 'same' | 'moves' | 'nobody' | 'two', holdings: readonly Holding[], atLeastMs?: number) =>
  judged(held(holdings), `owner: ${is}`, [{ check: 'owner', is, ...(atLeastMs !== undefined && { atLeastMs }) }]);

const MOVED: readonly Holding[] = [OWNED, { from: 0, by: [] }, { from: 5, by: ['agent-1'] }];
const SPLIT: readonly Holding[] = [OWNED, { from: 8, by: ['agent-0', 'agent-1'] }, { from: 18, by: ['agent-1'] }];

describe('two owners for a while, where the mechanism needs that to find out', () => {
  const BACK: readonly Holding[] = [
    ...MOVED,
    { from: 20, by: ['agent-0', 'agent-1'] },
    { from: 20.6, by: ['agent-0'] },
  ];
  const overlap = (holdings: readonly Holding[], atMostMs: number) =>
    judge(held(holdings), [{ check: 'owners-overlap', atMostMs }]);

  test('pass where it is short enough, and judge the invariant in its place', () => {
    const verdict = overlap(BACK, 1000);
    expect(check(verdict, 'owners overlap')).toMatchObject({
      outcome: 'pass',
      reason: expect.stringMatching(/0\.50 s/),
    });
    expect(check(verdict, 'one owner')).toBeUndefined();
  });

  test('pass where there never were two', () => {
    expect(check(overlap(MOVED, 1000), 'owners overlap')?.outcome).toBe('pass');
  });

  test('fail where it lasts longer', () => {
    expect(check(overlap(SPLIT, 1000), 'owners overlap')?.outcome).toBe('fail');
  });
});

describe('at most one owner', () => {
  test('holds where one machine takes over from another, and says how often each question was answered', () => {
    expect(judged(held(MOVED), 'one owner')).toMatchObject({
      outcome: 'pass',
      reason: expect.stringMatching(/^never two: \d+ of \d+ who-has for 198\.18\.4\.200 .*\(agent-0, then agent-1\)/),
    });
  });

  test('fails where two answer one who-has: who, how often, from when, for how long', () => {
    const verdict = judge(held(SPLIT), []);
    expect(check(verdict, 'one owner')).toEqual({
      check: 'one owner',
      outcome: 'fail',
      reason: expect.stringMatching(
        new RegExp(
          String.raw`^two owners: agent-0 \(02:.*:0b\) and agent-1 \(02:.*:0c\) both answered 100 of 100 who-has for ` +
            String.raw`198\.18\.4\.200 for 9\.\d\d s, from 8\.\d\d s after the fault; ` +
            'besides, claims captured: 0 by agent-0, 1 by agent-1$',
        ),
      ),
    });
    expect(verdict.ownership.map(({ owners }) => owners)).toEqual([['agent-0'], ['agent-0', 'agent-1'], ['agent-1']]);
  });

  test('fails on a single answer too many, also before the fault and after healing', () => {
    for (const at of [-15, 30]) {
      const blink = [OWNED, { from: at, by: ['agent-0', 'agent-1'] }, { from: at + 0.1, by: ['agent-0'] }] as const;
      expect(judged(held(blink), 'one owner')?.outcome).toBe('fail');
    }
    const early = [OWNED, { from: -15, by: ['agent-0', 'agent-1'] }, { from: -14, by: ['agent-0'] }] as const;
    expect(judged(held(early), 'one owner')?.reason).toMatch(/from 1[45]\.\d+ s before the fault;/);
  });

  test('says so where the second owner came with the healing', () => {
    const back = [...MOVED, { from: 21, by: ['agent-0', 'agent-1'] }, { from: 23, by: ['agent-1'] }] as const;
    expect(judged(held(back), 'one owner')?.reason).toMatch(
      /answered 20 of 20 .* from 1\.\d\d s after its healing began/,
    );
  });

  test('fails where a packet claims the address for one while another goes on answering', () => {
    expect(
      judged(held([OWNED], [claim(3, 'agent-1'), claim(4, 'agent-1', { gratuitous: false })]), 'one owner'),
    ).toEqual(
      expect.objectContaining({
        outcome: 'fail',
        reason: expect.stringMatching(
          /^two owners: agent-1 .* claimed 198\.18\.4\.200 in 2 captured .* first 3\.00 s after/,
        ),
      }),
    );
  });

  test('is not broken by what the owner itself claims, nor by the announcement of a take-over in a moment', () => {
    expect(judged(held([OWNED], [claim(3, 'agent-0')]), 'one owner')?.outcome).toBe('pass');
    const atOnce = [OWNED, { from: 5, by: ['agent-1'] }] as const;
    expect(judged(held(atOnce, [claim(5.01, 'agent-1')]), 'one owner')?.outcome).toBe('pass');
    // VRRP's backups may all claim it at once, before all but one yield.
    expect(judged(held(atOnce, [claim(5.001, 'server-0')]), 'one owner')?.outcome).toBe('pass');
  });

  test('is left to the expectation where two are expected', () => {
    const verdict = judge(held(SPLIT), [{ check: 'owner', is: 'two', atLeastMs: 9000 }]);
    expect(check(verdict, 'one owner')).toBeUndefined();
    expect(verdict.headline).toMatch(/; for 10\.0\d s agent-0 and agent-1 both answered for the address\.$/);
    expect(verdict.outcome).toBe('pass');
  });

  test('is not judged where nobody asked', () => {
    expect(judged(failedOver(1, 5, { probes: [] }), 'one owner')).toBeUndefined();
  });
});

describe('the owner', () => {
  test('that stays is the same to the end, and nobody else', () => {
    expect(owner('same', [OWNED])).toMatchObject({
      outcome: 'pass',
      reason: expect.stringMatching(/^agent-0 \(02:.*\) answered 199 of 199 who-has .* 1\d of the last 1\d/),
    });
    expect(owner('same', [OWNED, { from: 3, by: [] }, { from: 4, by: ['agent-0'] }])?.outcome).toBe('pass');
    expect(owner('same', [OWNED, { from: 3, by: [] }])?.outcome).toBe('fail');
    expect(owner('same', MOVED)?.reason).toMatch(
      /and agent-1 \(02:.*\) one 5\.\d\d s after the fault; expected nobody else/,
    );
    expect(owner('same', MOVED)?.outcome).toBe('fail');
  });

  test('that moves is another one at the end, and only one', () => {
    expect(owner('moves', MOVED)).toMatchObject({
      outcome: 'pass',
      reason: expect.stringMatching(
        /^agent-1 .* 1\d of the last 1\d who-has, since 5\.\d\d s after the fault; before the fault agent-0/,
      ),
    });
    expect(owner('moves', [OWNED])?.outcome).toBe('fail');
    expect(owner('moves', [OWNED, { from: 1, by: [] }])?.reason).toMatch(/^nobody answered 0 of the last/);
    expect(owner('moves', [OWNED, { from: 5, by: ['agent-0', 'agent-1'] }])?.outcome).toBe('fail');
    // The last question still listens when the fault is healed: whoever comes back then answers it as well.
    expect(owner('moves', [...MOVED, { from: 19.95, by: ['agent-0', 'agent-1'] }])?.outcome).toBe('pass');
    expect(owner('moves', [...MOVED, { from: 19.5, by: ['agent-0', 'agent-1'] }])?.outcome).toBe('fail');
    // What happens after healing is not by the end of the fault.
    expect(owner('moves', [OWNED, { from: 25, by: ['agent-1'] }])?.outcome).toBe('fail');
  });

  test('that is nobody answers no more by the end', () => {
    expect(owner('nobody', [OWNED, { from: 15, by: [] }, { from: 21, by: ['agent-0'] }])?.outcome).toBe('pass');
    expect(owner('nobody', [OWNED])).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/^agent-0 .* answered 1\d of the last 1\d who-has/),
    });
  });

  test('that is two is two for as long as expected, without a break', () => {
    expect(owner('two', SPLIT, 9000)?.outcome).toBe('pass');
    expect(owner('two', SPLIT, 11_000)?.outcome).toBe('fail');
    expect(owner('two', [OWNED])?.reason).toMatch(/^no who-has of \d+ since the fault was answered by two/);
    const twice: readonly Holding[] = [1, 15].flatMap((from): Holding[] => [
      { from, by: ['agent-0', 'agent-1'] },
      { from: from + 0.2, by: ['agent-0'] },
    ]);
    expect(owner('two', [OWNED, ...twice], 9000)?.outcome).toBe('fail');
    const before: Holding = { from: -15, by: ['agent-0', 'agent-1'] };
    expect(owner('two', [OWNED, before, { from: -5, by: ['agent-0'] }], 1000)?.outcome).toBe('fail');
  });

  test('is in doubt where nobody was asked, or nobody answered before', () => {
    const unasked = failedOver(1, 5, { probes: [{ name: 'edge-tcp', layer: 'tcp', rateHz: 50, sees: [] }] });
    expect(judged(unasked, 'owner: moves', [{ check: 'owner', is: 'moves' }])?.outcome).toBe('inconclusive');
    expect(
      owner('moves', [
        { from: -Infinity, by: [] },
        { from: 5, by: ['agent-1'] },
      ])?.outcome,
    ).toBe('inconclusive');
  });
});

describe('the address', () => {
  const service = (addresses: string): SyntheticEvent => ({
    at: -25,
    event: {
      type: 'watch',
      kind: 'Service',
      verb: 'ADDED',
      namespace: 'kube-system',
      name: 'traefik',
      summary: { type: 'LoadBalancer', addresses },
    },
  });

  test('lies in the pool', () => {
    expect(judged(held([OWNED], [service('198.18.4.200')]), 'address in pool')?.outcome).toBe('pass');
    expect(judged(held([OWNED], [service('198.18.4.200,198.18.4.220')]), 'address in pool')).toMatchObject({
      outcome: 'fail',
      reason: '198.18.4.220 is not of the pool 198.18.4.200 to 198.18.4.219',
    });
  });

  test('of a machine is claimed by no other, gratuitously or not; a probe of it claims nothing', () => {
    const name = "nobody takes a node's address";
    const own = claim(2, 'server-0', { address: addressOf('server-0') });
    expect(judged(held([OWNED], [own]), name)?.outcome).toBe('pass');
    for (const gratuitous of [true, false]) {
      const stolen = claim(2, 'agent-1', { address: addressOf('server-0'), gratuitous });
      expect(judged(held([OWNED], [stolen]), name)).toMatchObject({
        outcome: 'fail',
        reason:
          `agent-1 (${macOf('agent-1')}) claimed 198.18.4.10, the address of server-0, ` +
          'in 1 captured packet, first 2.00 s after the fault',
      });
    }
    const probe = { ...claim(2, 'agent-1', { address: '0.0.0.0' }) };
    expect(judged(held([OWNED], [probe]), name)?.outcome).toBe('pass');
  });
});

test('of all load balancers only the wanted one runs', () => {
  const found = (...names: string[]) => judged(held([OWNED], [inventory(...names)]), 'others absent');
  expect(found('metallb-l2')?.outcome).toBe('pass');
  expect(found('metallb-l2', 'servicelb')).toMatchObject({
    outcome: 'fail',
    reason: 'load balancers in the cluster: metallb-l2, servicelb (synthetic); wanted: metallb-l2',
  });
  expect(found()?.outcome).toBe('fail');
  const outside = { begin: { cell: { loadBalancer: 'keepalived' }, substrate: 'k3s' as const } };
  const beside = (...names: string[]) =>
    judged(failedOver(1, 5, { ...outside, events: [inventory(...names)] }), 'others absent');
  expect(beside()?.outcome).toBe('pass');
  expect(beside('servicelb')?.outcome).toBe('fail');
});

test('a history from before there were such events is not judged by them', () => {
  const events = held([OWNED]).filter(({ type }) => type !== 'lan' && type !== 'neighbour' && type !== 'arp');
  const names = judge(events, []).checks.map(({ check: name }) => name);
  expect(names).not.toContain('address in pool');
  expect(names).not.toContain('others absent');
  expect(names).not.toContain("nobody takes a node's address");
});
