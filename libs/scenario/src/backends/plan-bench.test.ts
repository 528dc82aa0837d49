import { describe, expect, test } from 'vitest';
import { planBench, type BenchOptions } from './plan-bench.ts';
import { latencyTurn } from './turn.ts';

const OPTIONS: BenchOptions = {
  substrate: 'k3s',
  backends: ['vxlan', 'host-gw'],
  loadBalancer: 'metallb-l2',
  settings: {},
  repeats: 10,
  seed: 7,
  app: 'faultline/userlist:1',
  tools: 'faultline/tools:1',
};

describe('the turns of a comparison', () => {
  const { turns } = planBench(OPTIONS);

  test('are one for each repeat, path and backend, and some to warm up', () => {
    expect(turns.length).toBe(11 * 6 * 2);
    expect(new Set(turns.map(({ repeat, path, backend }) => `${repeat} ${path} ${backend}`)).size).toBe(turns.length);
  });

  test('measure the backends of a path right after each other, now this one first and now that', () => {
    const firsts = turns.filter((_, index) => index % 2 === 0);
    firsts.forEach((turn, index) => {
      const next = turns[2 * index + 1];
      expect(next).toMatchObject({ repeat: turn.repeat, path: turn.path });
      expect(next?.backend).not.toBe(turn.backend);
    });
    const share = firsts.filter(({ backend }) => backend === 'vxlan').length / firsts.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  });

  test('follow from the seed', () => {
    expect(planBench(OPTIONS).turns).toEqual(turns);
    expect(planBench({ ...OPTIONS, seed: 8 }).turns).not.toEqual(turns);
  });
});

test('on bare the path through a Service is skipped by name', () => {
  const plan = planBench({ ...OPTIONS, substrate: 'bare', loadBalancer: 'keepalived' });
  expect(plan.turns.some(({ path }) => path === 'service')).toBe(false);
  expect(plan.skipped).toEqual([{ what: 'service', reason: expect.stringContaining('no Service on bare') }]);
});

test('a backend that there is not is refused with the nearest one', () => {
  expect(() => planBench({ ...OPTIONS, backends: ['vxlan', 'hostgw'] })).toThrow('host-gw');
});

test('a latency counts from the time at which its sample was to be sent; what was lost has none', () => {
  const turn = latencyTurn(
    {
      probe: 'pod-across-1-request',
      rows: [
        [0, 0, 20_000, 500_000, 'ok', null],
        [1, 10e6, 12e6, 700_000, 'ok', null],
        [2, 20e6, 20e6, 250e6, 'timeout', null],
        [3, 30e6, 90e6, 0, 'late', null],
      ],
      lateness: { count: 4, p50: 1000, p99: 2_000_000, max: 2_000_000 },
    },
    { repeat: 1, path: 'pod-across', backend: 'vxlan' },
  );
  expect(turn).toMatchObject({
    measured: 'request',
    latencies: [520, 2700],
    sent: 3,
    lost: 1,
    late: 1,
    latenessP99: 2000,
  });
});
