import { expect, test } from 'vitest';
import { fingerprintOf, normalised } from './fingerprint.ts';
import { failed, skipped, syntheticResult } from './synthetic-nights.ts';

test.each([
  ['edge-http-new was out for 5.69 s', 'edge-http-new was out for <n> s'],
  ['fault-1 on agent-0', 'fault-1 on agent-<n>'],
  ['server-0 answered for 198.18.4.201:443', 'server-<n> answered for <address>'],
  ['02:42:c6:12:04:0a took over', '<mac> took over'],
  ['fd00:42::1 has no route', '<address> has no route'],
  ['pod userlist-7d9f8b6c5-x2x4z is not ready', 'pod userlist-<pod> is not ready'],
  ['pod speaker-7kq2p died', 'pod speaker-<pod> died'],
  ['run e619a8a5 ended at 2026-11-21T02:03:04.567Z', 'run <id> ended at <time>'],
  ['node  and\n more', 'node and more'],
  ['block-port, kill-the-announcing-node, host-gw', 'block-port, kill-the-announcing-node, host-gw'],
  ['edge-https: http-502 for 3s', 'edge-https: http-502 for <n>s'],
  ['the facade is added', 'the facade is added'],
])('%j is, without what differs from run to run, %j', (text, expected) => {
  expect(normalised(text)).toBe(expected);
});

test('the same failure has the same fingerprint on every cluster, in every cell, on every night', () => {
  const one = failed({ lastEvent: { type: 'fault.heal', detail: 'fault-1 on agent-0, 198.18.4.10' } });
  const other = failed({
    lastEvent: { type: 'fault.heal', detail: 'fault-1 on agent-2, 198.18.99.12' },
    row: 'another/row',
    cell: { backend: 'host-gw' },
    reason: 'edge-http-new was out for 12.0 s',
    started: 3e12,
    host: 'ci-2',
  });
  expect(fingerprintOf(one)?.id).toMatch(/^[0-9a-f]{12}$/);
  expect(fingerprintOf(other)).toEqual(fingerprintOf(one));
});

test.each([
  ['scenario', { scenario: 'freeze-kube-vip' }],
  ['class', { class: 'outage edge-http-new: http-502' }],
  ['verdict', { verdict: 'inconclusive' as const }],
  ['last event', { lastEvent: { type: 'phase', detail: 'boot begin' } }],
  ['silence', { lastEvent: null }],
])('another %s is another failure', (_, change) => {
  expect(fingerprintOf(failed(change))?.id).not.toBe(fingerprintOf(failed())?.id);
});

test('what passed or was skipped has none', () => {
  expect([syntheticResult(), skipped('netem')].map(fingerprintOf)).toEqual([null, null]);
});
