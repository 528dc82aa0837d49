import { expect, test } from 'vitest';
import {
  announcer,
  cellName,
  cellsOf,
  chooseCell,
  defineScenario,
  milliseconds,
  planRepeats,
  planRun,
  seeded,
  type ScenarioInput,
} from './plan.ts';

const input: ScenarioInput = {
  name: 'an-example',
  why: 'It shows the words.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 3 },
  watch: ['edge'],
  faults: [{ kind: 'node-kill', target: announcer(), lasting: '20s' }],
  expect: [{ checks: [{ check: 'never-recovers', probe: 'edge-http-new' }] }],
};

test.for([
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5m', 90_000],
] as const)('%s is %i ms', ([text, ms]) => {
  expect(milliseconds(text)).toBe(ms);
});

test.for(['', '30', 's', '-1s', '1h', '30 s'])('"%s" is no duration', (text) => {
  expect(() => milliseconds(text)).toThrow(/is no duration. Allowed/);
});

test('a cell that no substrate has is not expanded', () => {
  expect(cellsOf(defineScenario(input)).map(cellName)).toEqual([
    'k3s-vxlan-servicelb',
    'k3s-vxlan-keepalived',
    'k3s-host-gw-servicelb',
    'k3s-host-gw-keepalived',
    'bare-vxlan-keepalived',
    'bare-host-gw-keepalived',
  ]);
});

test('a layout of the Ingress controller is a factor on k3s, and none on bare', () => {
  const scenario = defineScenario({
    ...input,
    matrix: { ...input.matrix, backend: ['vxlan'], controller: ['default', 'daemonset'], trafficPolicy: ['Local'] },
  });
  expect(cellsOf(scenario).map(cellName)).toEqual([
    'k3s-vxlan-servicelb-Local',
    'k3s-vxlan-servicelb-daemonset-Local',
    'k3s-vxlan-keepalived-Local',
    'k3s-vxlan-keepalived-daemonset-Local',
    'bare-vxlan-keepalived',
  ]);
});

test('a load balancer that lacks a feature is left out', () => {
  const scenario = defineScenario({
    ...input,
    matrix: { substrate: ['k3s'], backend: ['vxlan'], loadBalancer: ['servicelb', 'metallb-l2'] },
    features: ['load-balancer.peers'],
  });
  expect(cellsOf(scenario).map(cellName)).toEqual(['k3s-vxlan-metallb-l2']);
});

const failover = defineScenario({
  ...input,
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan'],
    loadBalancer: ['servicelb', 'metallb-l2', 'kube-vip-arp', 'keepalived'],
  },
  faults: [{ kind: 'node-kill', target: announcer(), lasting: '20s', jitter: '4s', heal: false }],
  expect: [{ checks: [{ check: 'failover', probe: 'edge-tcp' }] }],
});

const planned = (loadBalancer: 'servicelb' | 'kube-vip-arp', settings = {}) =>
  planRun(failover, {
    cell: chooseCell(failover, { loadBalancer }),
    seed: 1,
    app: 'faultline/userlist:1',
    tools: 'faultline/tools:1',
    settings,
  });

test("a failover is expected within what the load balancer's own settings promise, with the prober's margin", () => {
  const [slow] = planned('kube-vip-arp').expectations;
  const [fast] = planned('kube-vip-arp', { timing: '5/3/1' }).expectations;
  expect(slow).toMatchObject({ check: 'failover', probe: 'edge-tcp' });
  if (slow?.check !== 'failover' || fast?.check !== 'failover') throw new Error('no failover');
  expect(slow.atLeastMs).toBeGreaterThan(fast.atMostMs);
  expect(slow.formula).not.toBe('');
});

test('where the address never moves, a failover is none', () => {
  expect(planned('servicelb').expectations).toEqual([{ check: 'never-recovers', probe: 'edge-tcp' }]);
});

test('a failover is watched for longer than it may take', () => {
  expect(planned('kube-vip-arp').faults[0]?.lastingMs).toBeGreaterThan(30_000);
  expect(planned('servicelb').faults[0]?.lastingMs).toBe(20_000);
});

test('repeats are healed, each has a seed of its own, and the same seed gives the same repeats', () => {
  const options = { cell: chooseCell(failover, { loadBalancer: 'keepalived' }), seed: 3, app: 'a/b:1', tools: 'c/d:1' };
  const plans = planRepeats(failover, options, 4);
  expect(plans.map(({ repeat }) => repeat)).toEqual([1, 2, 3, 4].map((index) => ({ index, of: 4 })));
  const faults = plans.flatMap((plan) => plan.faults);
  expect(faults.every(({ heal, parameters }) => heal && parameters['restart'] !== false)).toBe(true);
  expect(new Set(faults.map(({ afterMs }) => afterMs)).size).toBe(4);
  expect(planRepeats(failover, options, 4)).toEqual(plans);
});

test('the first cell that fits is chosen', () => {
  expect(cellName(chooseCell(defineScenario(input), { substrate: 'bare' }))).toBe('bare-vxlan-keepalived');
});

test('a cell that is not there is refused, and those that are there are named', () => {
  expect(() => chooseCell(defineScenario(input), { substrate: 'bare', loadBalancer: 'servicelb' })).toThrow(
    /an-example has no cell with substrate bare, loadBalancer servicelb. Its cells: k3s-vxlan-servicelb, k3s-vxlan-keepalived/,
  );
});

test('an unknown key is refused by name', () => {
  expect(() => defineScenario({ ...input, lasing: '20s' } as ScenarioInput)).toThrow(/scenario an-example:\n.*lasing/s);
});

test('a value out of bounds is refused with its place', () => {
  expect(() => defineScenario({ ...input, topology: { servers: 0, agents: 2 } })).toThrow(/topology\.servers/);
});

test('the same seed makes the same choices, another seed others', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, seeded(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('choices are spread over the whole range', () => {
  const random = seeded(1);
  const draws = Array.from({ length: 10_000 }, random);
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  expect(mean).toBeGreaterThan(0.48);
  expect(mean).toBeLessThan(0.52);
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws)).toBeLessThan(1);
});
