import type { FaultEntry, FaultRun, FaultTable } from '@faultline/checker';
import { expect, test } from 'vitest';
import { entryLines, renderFaultTableHtml, renderFaultTableSummary } from './fault-table.ts';

const RUN: FaultRun = {
  folder: '../runs/a',
  outcome: 'pass',
  reason: 'as expected',
  headline: 'Clients could not reach it.',
  probe: 'edge-http-new',
  lost: 300,
  sent: 2000,
  out: { low: 2980, estimate: 3000, high: 3020, share: 1 },
  recovered: { afterMs: 310, since: 'healing' },
  sweep: { lost: 8, some: 0, of: 56 },
};
const entry = (...runs: readonly FaultRun[]): FaultEntry => ({
  label: '',
  runs,
  counts: { pass: runs.length },
  skipped: null,
});
const skip: FaultEntry = { label: '', runs: [], counts: {}, skipped: 'this host lacks <wireguard>' };

const TABLE: FaultTable = {
  version: 1,
  columns: ['k3s vxlan', 'k3s wireguard-native'],
  rows: [{ scenario: 'block-vxlan', faults: ['block-port, port 8472'], cells: [[entry(RUN)], [skip]] }],
  counts: { pass: 1, skipped: 1 },
  versions: ['k3s v1.33.3+k3s1'],
  commits: ['0123456789ab'],
};

test('a cell says what clients saw, what the sweep lost, and when all was good again', () => {
  expect(entryLines(entry(RUN))).toEqual([
    'out for 3.00 s ± 0.02 s',
    'sweep: 8 of 56 lost',
    'good again 0.31 s after healing',
  ]);
});

test('several runs are told by the least and the most, and by those without', () => {
  const longer = { ...RUN, out: { low: 4900, estimate: 5000, high: null, share: 1 }, recovered: null };
  const unharmed = { ...RUN, out: null, recovered: null, lost: 0 };
  expect(entryLines(entry(RUN, longer, unharmed))[0]).toBe(
    'out for 3.00 s to 5.00 s, not over at the end in 1; no outage in 1 of 3',
  );
  expect(entryLines(entry(unharmed))[0]).toBe('no loss (of 2000)');
  expect(entryLines(entry({ ...RUN, out: { low: 50_000, estimate: 55_000, high: 56_000, share: 0.333 } }))[0]).toBe(
    'lost 33 % for 55.0 s ± 5.0 s',
  );
});

test('what cannot be judged says why, and nothing of the fault', () => {
  expect(entryLines(entry({ ...RUN, outcome: 'inconclusive', reason: 'never steady' }))).toEqual(['never steady']);
});

test('a skip says its reason, as text', () => {
  const [html, summary] = [renderFaultTableHtml(TABLE), renderFaultTableSummary(TABLE)];
  for (const rendered of [html, summary]) {
    expect(rendered).toContain('this host lacks &lt;wireguard&gt;');
    expect(rendered).toContain('block-port, port 8472');
    expect(rendered).toContain('1 scenario on k3s vxlan, k3s wireguard-native: pass 1, skipped 1.');
  }
  expect(html).toContain('href="../runs/a/report.html"');
});
