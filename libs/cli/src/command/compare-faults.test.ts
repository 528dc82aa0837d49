import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultTable } from '@faultline/checker';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { execute } from './compare-faults.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-compare-faults-'));
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const CELL = { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'servicelb', controller: 'default' };

const skipped = (scenario: string, skip: object) => ({
  version: 1,
  row: `${scenario}/k3s-vxlan-servicelb`,
  scenario,
  cell: { scenario, ...CELL, k3s: 'v1.33.3+k3s1', topology: '1+2', ipFamily: 'ipv4' },
  repeat: null,
  skip,
  figures: [],
  class: '',
  lastEvent: null,
  started: 1,
  durationMs: 0,
  host: 'here',
  commit: null,
  folder: '',
  verdict: 'skip',
  reason: 'netem: no such qdisc',
});

test('a row that a night could not have is named in the table with what it lacked; one without time is not', async () => {
  const rows = [
    skipped('delay-an-agent', { because: 'capability', capability: 'netem' }),
    skipped('block-vxlan', { because: 'budget' }),
  ];
  await writeFile(join(folder, 'results.ndjson'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const out = join(folder, 'out');
  expect(await execute([folder], { out })).toBe(0);
  const table = JSON.parse(await readFile(join(out, 'faults.json'), 'utf8')) as FaultTable;
  expect(table.rows.map(({ scenario }) => scenario)).toEqual(['delay-an-agent']);
  expect(table.rows[0]?.cells[0]?.[0]).toMatchObject({ skipped: 'netem: no such qdisc', runs: [] });
});

test('a folder without runs is refused, with what is allowed', async () => {
  await expect(execute([folder], {})).rejects.toThrow(/no run lies in .* Allowed: folders of runs/);
});
