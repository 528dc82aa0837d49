import { expect, test } from 'vitest';
import {
  announcer,
  cellName,
  cellsOf,
  chooseCell,
  defineScenario,
  milliseconds,
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
  fault: { kind: 'node-kill', target: announcer(), lasting: '20s' },
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
    'k3s-host-gw-servicelb',
    'bare-vxlan-keepalived',
    'bare-host-gw-keepalived',
  ]);
});

test('the first cell that fits is chosen', () => {
  expect(cellName(chooseCell(defineScenario(input), { substrate: 'bare' }))).toBe('bare-vxlan-keepalived');
});

test('a cell that is not there is refused, and those that are there are named', () => {
  expect(() => chooseCell(defineScenario(input), { substrate: 'bare', loadBalancer: 'servicelb' })).toThrow(
    /an-example has no cell with substrate bare, loadBalancer servicelb. Its cells: k3s-vxlan-servicelb/,
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
