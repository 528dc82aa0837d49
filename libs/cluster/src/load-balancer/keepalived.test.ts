import { expect, test } from 'vitest';
import { failoverOf, keepalived, keepalivedConfig, PAIR, priorityOf } from './keepalived.ts';

test('a successor of priority 100 takes 2.6 to 3.6 s, half of the time less than 3.11 s', () => {
  expect(failoverOf(100)).toEqual({ atLeastMs: 2609, medianMs: 3109, atMostMs: 3610 });
  expect(failoverOf(254)).toEqual({ atLeastMs: 2007, medianMs: 2508, atMostMs: 3008 });
  expect(keepalived.failover({})).toMatchObject(failoverOf(100));
});

test('no two of the most nodes share a VRRP priority, and all are valid', () => {
  const priorities = Array.from({ length: 27 }, (_, index) => priorityOf(index));
  expect(new Set(priorities).size).toBe(27);
  expect(Math.min(...priorities)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...priorities)).toBeLessThanOrEqual(255);
});

test('the successor has the priority of the envelope, on bare and in the pair', () => {
  expect(priorityOf(1)).toBe(100);
  expect(PAIR[1]).toBe(100);
  expect(PAIR[0]).toBeGreaterThan(PAIR[1]);
});

test('on bare the nodes hold the address, on k3s two machines in front of them', () => {
  expect(keepalived.balancers('bare')).toBe(0);
  expect(keepalived.balancers('k3s')).toBe(2);
});

test('the first alone starts as the master', () => {
  const config = (index: number) =>
    keepalivedConfig({ name: 'a', priority: priorityOf(index), first: index === 0, virtualAddress: '198.18.7.200' });
  expect(config(0)).toContain('state MASTER');
  expect(config(1)).toContain('state BACKUP');
  expect(config(1)).toContain('priority 100');
  expect(config(1)).toContain('198.18.7.200/32 dev eth0');
});

test('a machine that needs a process watches it, and one that does not runs no script', () => {
  const member = { name: 'lb-0', priority: 200, first: true, virtualAddress: '198.18.7.200' };
  const config = keepalivedConfig({ ...member, needs: 'haproxy' });
  expect(config).toContain('script "/usr/bin/pkill -0 -x haproxy"');
  expect(config).toMatch(/track_script {\n    haproxy-runs\n  }\n}\n$/);
  expect(keepalivedConfig(member)).not.toContain('script');
});
