/** Faults that compose: which schedules are allowed, and what is done in which order. */
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import {
  agent,
  announcer,
  cellsOf,
  defineScenario,
  planRepeats,
  planRun,
  presenceOf,
  stepsOf,
  upgradePlan,
  type FaultInput,
  type PlanOptions,
  type RunPlan,
  type ScenarioInput,
} from './plan.ts';

const input = (faults: readonly FaultInput[], changes: Partial<ScenarioInput> = {}): ScenarioInput => ({
  name: 'composed',
  why: 'Faults compose.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['bare'], backend: ['vxlan'], loadBalancer: ['keepalived'] },
  workload: { replicas: 3 },
  watch: ['edge'],
  faults,
  expect: [{ checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 1 }] }],
  ...changes,
});
const pause = (times: Partial<FaultInput>): FaultInput => ({
  kind: 'node-pause',
  target: agent(0),
  lasting: '10s',
  jitter: '0s',
  ...times,
});
function planned(scenario: ScenarioInput, seed = 1): RunPlan {
  const defined = defineScenario(scenario);
  const [cell] = cellsOf(defined);
  const images: Pick<PlanOptions, 'app' | 'tools'> = { app: 'faultline/userlist:1', tools: 'faultline/tools:1' };
  if (!cell) throw new Error('no cell');
  return planRun(defined, { cell, seed, ...images });
}
const orderOf = (...faults: readonly FaultInput[]) =>
  stepsOf(planned(input(faults)).faults).map(({ what, fault }) => `${what} ${fault.id}`);

describe('the order', () => {
  test('of one inside another: the last in is the first out, also where they end together', () => {
    const nested = ['inject fault-0', 'inject fault-1', 'end fault-1', 'end fault-0'];
    expect(orderOf(pause({ lasting: '30s' }), pause({ after: '10s' }))).toEqual(nested);
    expect(orderOf(pause({ lasting: '30s' }), pause({ after: '25s' }))).toEqual(nested);
  });

  test('of one after the other: what is over is healed before the next begins', () => {
    const turns = ['inject fault-0', 'end fault-0', 'inject fault-1', 'end fault-1'];
    expect(orderOf(pause({}), pause({ after: '15s' }))).toEqual(turns);
    expect(orderOf(pause({}), pause({ after: '20s' }))).toEqual(turns);
  });

  test('of two at once: the longer one is the outer one, else the first named', () => {
    expect(orderOf(pause({}), pause({ lasting: '20s' }))).toEqual([
      'inject fault-1',
      'inject fault-0',
      'end fault-0',
      'end fault-1',
    ]);
    expect(orderOf(pause({}), pause({}))).toEqual(['inject fault-0', 'inject fault-1', 'end fault-1', 'end fault-0']);
  });
});

describe('the schedule', () => {
  test('keeps its shape: what is drawn for the first fault moves all of them', () => {
    const faults = [
      pause({ lasting: '30s', jitter: '4s' }),
      { ...pause({ after: '12s' }), jitter: undefined as never },
    ];
    const begins = [1, 2, 3, 4].map((seed) => planned(input(faults), seed).faults.map(({ afterMs }) => afterMs));
    for (const [first = 0, second = 0] of begins) expect(second - first).toBe(7000);
    expect(new Set(begins.map(([first]) => first)).size).toBe(4);
  });

  test.for([
    [
      'ends after the one that it is in',
      [pause({ lasting: '30s' }), pause({ after: '30s', lasting: '20s' })],
      'fault-1 (node-pause) begins while fault-0 (node-pause) is in force, and ends 15000 ms after it: the last one in is ' +
        'healed first. Allowed: lasting at most 5000 ms, or after at least 35000 ms',
    ],
    [
      'might, for some seed, end after the one that it is in',
      [pause({ lasting: '20s' }), pause({ after: '15s', jitter: '1s' })],
      'and ends 1000 ms after it',
    ],
    [
      'might, for some seed, begin before the one that it is in',
      [pause({}), pause({ after: '20s', lasting: '30s', jitter: '10s' }), pause({ after: '25s' })],
      'fault-1 (node-pause) begins while fault-2',
    ],
    [
      'is never healed, while the one that it is in is',
      [pause({ lasting: '30s' }), pause({ after: '10s', kind: 'node-kill', heal: false })],
      'and is never healed, while fault-0 is. Allowed: both are healed, or neither, or only fault-1',
    ],
    [
      'begins in one whose end is not known before',
      [pause({ lasting: '30s', until: 'recovered' }), pause({ after: '10s' })],
      "whose end is not known before: it is when clients have recovered. Allowed: until: 'end' for fault-0",
    ],
  ] as const)('is refused where a fault %s', ([, faults, message]) => {
    expect(() => planned(input(faults))).toThrow(message);
  });

  test('may have an end that is not known before for the innermost and for the last', () => {
    expect(
      orderOf(pause({ lasting: '30s' }), pause({ after: '10s', until: 'recovered' }), pause({ after: '40s' })),
    ).toHaveLength(6);
  });

  test('lets what is never healed be there to the end, with others in it', () => {
    const dead = pause({ kind: 'node-kill', heal: false, lasting: '1s' });
    const { faults } = planned(input([dead, pause({ after: '20s' })]));
    const [first, second] = faults;
    if (!first || !second) throw new Error('two were asked for');
    expect(first.parameters).toEqual({ restart: false });
    expect(presenceOf(first, faults)).toBe(25_000);
    expect(presenceOf(second, faults)).toBe(10_000);
  });
});

test('a second death after a first that ended by recovery, and is never healed, is no clash', () => {
  const dead = pause({ kind: 'node-kill', heal: false, lasting: '20s', until: 'recovered' });
  expect(orderOf(dead, { ...dead, after: '40s' })).toHaveLength(4);
});

test('repeats heal what the scenario leaves dead, with the last one, so that it is there for as long as in a single run', () => {
  const dead = pause({ kind: 'node-kill', heal: false, lasting: '1s' });
  const scenario = defineScenario(input([dead, { ...dead, after: '6s', lasting: '20s', until: 'recovered' }]));
  const [cell] = cellsOf(scenario);
  if (!cell) throw new Error('no cell');
  const [plan] = planRepeats(scenario, { cell, seed: 1, app: 'a/b:1', tools: 'c/d:1' }, 2);
  expect(plan?.faults).toMatchObject([
    { heal: true, lastingMs: 21_000, parameters: { restart: true } },
    { heal: true, lastingMs: 20_000, untilRecovered: true },
  ]);
  expect(stepsOf(plan?.faults ?? []).map(({ what, fault }) => `${what} ${fault.id}`)).toEqual([
    'inject fault-0',
    'inject fault-1',
    'end fault-1',
    'end fault-0',
  ]);
});

describe('a check', () => {
  const checks = (fault?: string) => [
    { checks: [{ check: 'failover' as const, probe: 'edge-tcp', ...(fault !== undefined && { fault }) }] },
  ];
  const kill = pause({ kind: 'node-kill', target: announcer(), lasting: '1s' });

  test('about a fault that there is not is refused, and those that there are are named', () => {
    expect(() => defineScenario(input([kill], { expect: checks('fault-1') }))).toThrow(
      'no fault "fault-1". Allowed: fault-0\n  → at expect[0].checks[0] (failover)',
    );
  });

  test('of a failover has to say which of several faults it counts from', () => {
    const faults = [pause({ lasting: '60s' }), { ...kill, after: '10s' as const }];
    expect(() => defineScenario(input(faults, { expect: checks() }))).toThrow(
      /a failover counts from one.*fault-0, fault-1/,
    );
    const plan = planned(input(faults, { expect: checks('fault-1') }));
    expect(plan.expectations[0]).toMatchObject({ check: 'failover', fault: 'fault-1', formula: expect.any(String) });
    // Only that one is watched for as long as the load balancer promises, and longer.
    expect(plan.faults.map(({ lastingMs }) => lastingMs)).toEqual([60_000, expect.any(Number)]);
    expect(plan.faults[1]?.lastingMs).toBeGreaterThan(12_000);
  });
});

describe('a plan of an older version', () => {
  const kept = (run: string) =>
    JSON.parse(readFileSync(new URL(`../../../docs/evidence/${run}/plan.json`, import.meta.url), 'utf8'));

  test.for(['block-vxlan-on-k3s', 'cut-kube-vip-from-the-api-on-k3s'])('of %s is read as one of today', (run) => {
    const old = kept(run);
    const { faults, version, expectations } = upgradePlan(old);
    expect(version).toBe(3);
    expect(faults).toEqual([{ ...old.fault, heal: old.heal, untilRecovered: old.untilRecovered ?? false }]);
    expect(expectations).toEqual(old.expectations);
  });

  test('that is newer than this faultline is refused', () => {
    expect(() => upgradePlan({ version: 99 })).toThrow('a plan of version 99. Known: 1 to 3');
  });
});
