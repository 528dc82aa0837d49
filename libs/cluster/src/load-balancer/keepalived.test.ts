import { expect, test } from 'vitest';
import { failoverOf, keepalived, keepalivedConfig, PAIR, priorityOf } from './keepalived.ts';

test('a successor of priority 100 takes 2.6 to 3.6 s, half of the time less than 3.11 s', () => {
  expect(failoverOf(100)).toEqual({ atLeastMs: 2609, medianMs: 3109, atMostMs: 3610 });
  expect(keepalived.failover({})).toMatchObject(failoverOf(100));
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

test('a machine that needs a process watches it, and one that does not runs no script', () => {
  const member = { name: 'lb-0', priority: 200, first: true, virtualAddress: '198.18.7.200' };
  const config = keepalivedConfig({ ...member, needs: 'haproxy' });
  expect(config).toContain('script "/usr/bin/pkill -0 -x haproxy"');
  expect(config).toMatch(/track_script {\n    haproxy-runs\n  }\n}\n$/);
  expect(keepalivedConfig(member)).not.toContain('script');
});
