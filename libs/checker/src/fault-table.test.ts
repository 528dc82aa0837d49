import { expect, test } from 'vitest';
import { announcerKilled, endpointKilled, overlayBlocked } from './example.ts';
import { faultTable, type JudgedRun } from './fault-table.ts';
import { judge } from './judge.ts';
import { cutOff, swept } from './sweep-example.ts';
import type { Verdict } from './verdict.ts';

const cellOf = (backend: string, loadBalancer = 'metallb-l2') => ({ substrate: 'k3s', backend, loadBalancer });

function run(events: Parameters<typeof judge>[0], changes: Partial<Verdict>, folder = 'somewhere'): JudgedRun {
  return { verdict: { ...judge(events, []), ...changes }, expectations: [], sweep: undefined, folder };
}

const killed = (seed: number, loadBalancer: string) =>
  run(announcerKilled(seed), { scenario: 'kill', cell: cellOf('vxlan', loadBalancer) });

test('a row is a scenario, a column a backend, and load balancers are told apart where they differ', () => {
  const alone = run(overlayBlocked(1), { scenario: 'block', cell: cellOf('host-gw') });
  const { columns, rows } = faultTable([killed(1, 'metallb-l2'), killed(2, 'keepalived'), alone], []);
  expect(columns).toEqual(['k3s host-gw', 'k3s vxlan']);
  expect(rows.map(({ scenario }) => scenario)).toEqual(['block', 'kill']);
  expect(rows[1]?.cells.map((entries) => entries.map(({ label }) => label))).toEqual([
    [],
    ['metallb-l2', 'keepalived'],
  ]);
  expect(rows[0]?.cells.map((entries) => entries.map(({ label }) => label))).toEqual([[''], []]);
});

test('an outage has its bound, and when it was over', () => {
  const [entry] = faultTable([killed(3, 'metallb-l2')], []).rows[0]?.cells[0] ?? [];
  const [seen] = entry?.runs ?? [];
  expect(seen?.out).toMatchObject({ share: 1 });
  // The address is back after 3.12 s, and requests on new connections are 60 ms later.
  expect(seen?.out?.low).toBeLessThan(3180);
  expect(seen?.out?.high).toBeGreaterThan(3180);
  expect(seen?.recovered?.since).toBe('the fault');
  expect(Math.abs((seen?.recovered?.afterMs ?? 0) - 3180)).toBeLessThan(200);
});

test('it is good again after the last loss, which may come long after the outage', () => {
  const events = overlayBlocked(9, {
    probes: [
      {
        name: 'edge-http-new',
        layer: 'http',
        rateHz: 100,
        sees: [
          { from: 0, to: 5, result: 'timeout' },
          { from: 20, to: 23, result: 'http-502', share: 0.3 },
        ],
      },
    ],
  });
  const [entry] = faultTable([run(events, { scenario: 'block', cell: cellOf('vxlan') })], []).rows[0]?.cells[0] ?? [];
  const [seen] = entry?.runs ?? [];
  expect(seen?.recovered?.since).toBe('healing');
  expect(Math.abs((seen?.recovered?.afterMs ?? 0) - 3000)).toBeLessThan(200);
});

test('a share that was lost is no outage', () => {
  const third = run(endpointKilled(4), { scenario: 'kill', cell: cellOf('vxlan') });
  const [entry] = faultTable([third], []).rows[0]?.cells[0] ?? [];
  expect(entry?.runs[0]?.out?.share).toBeCloseTo(1 / 3, 1);
});

test('cells of the sweep are counted', () => {
  const { cells } = swept('during', { lost: cutOff('agent-1') });
  const blocked = { ...run(overlayBlocked(5), { scenario: 'block', cell: cellOf('vxlan') }), sweep: cells };
  const [entry] = faultTable([blocked], []).rows[0]?.cells[0] ?? [];
  // Four pairs on each of five paths between all nodes, and the one to the node that runs DNS; `pod-node` is spared.
  expect(entry?.runs[0]?.sweep).toEqual({ lost: 21, some: 0, of: 57 });
});

test('runs of one cell are one entry, which counts their verdicts', () => {
  const failed = { ...killed(6, 'metallb-l2').verdict, outcome: 'fail' as const };
  const runs = [killed(7, 'metallb-l2'), { ...killed(6, 'metallb-l2'), verdict: failed }];
  const { rows, counts } = faultTable(runs, []);
  expect(rows[0]?.cells[0]).toHaveLength(1);
  expect(rows[0]?.cells[0]?.[0]?.counts).toEqual({ [runs[0]?.verdict.outcome ?? '']: 1, fail: 1 });
  expect(counts).toMatchObject({ fail: 1 });
});

test('a skip is an entry with its reason, until the cell has run', () => {
  const skipped = { scenario: 'kill', cell: cellOf('wireguard-native'), reason: 'this host lacks wireguard' };
  const twice = [skipped, { ...skipped, cell: cellOf('vxlan') }];
  const { columns, rows, counts } = faultTable([killed(8, 'metallb-l2')], twice);
  expect(columns).toEqual(['k3s vxlan', 'k3s wireguard-native']);
  expect(rows[0]?.cells[1]).toEqual([{ label: '', runs: [], counts: {}, skipped: 'this host lacks wireguard' }]);
  expect(rows[0]?.cells[0]?.every((entry) => entry.skipped === null)).toBe(true);
  expect(counts.skipped).toBe(1);
});
