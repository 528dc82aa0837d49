import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exampleNight, exampleResult } from './example-night.ts';
import { mergeNights } from './merge.ts';
import { createNight, keepResult, readResults } from './night-folder.ts';
import type { NightPlan, Row } from './plan-night.ts';
import { rowsOf, shardOf } from './share.ts';

// Every result is synced to the disk, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-merge-'));
});
afterEach(() => rm(root, { recursive: true }));

/** A shard's folder, as a machine hands it in. */
async function shard(plan: NightPlan, index: number, of: number): Promise<string> {
  const folder = join(root, `${index}of${of}`);
  await createNight(folder, plan);
  for (const row of shardOf(plan, { index, of }).flatMap((group) => rowsOf(plan, group))) {
    const run = `rows/${row.id}`;
    await mkdir(join(folder, run), { recursive: true });
    await writeFile(join(folder, run, 'verdict.json'), row.id);
    const times = { started: 1_000 * index, durationMs: of * 10, host: `machine-${index}` };
    await keepResult(folder, exampleResult(row, { folder: run, ...times }));
  }
  return folder;
}

/** The lines of a night, without what is another on every machine. */
async function linesOf(folder: string): Promise<readonly object[]> {
  const results = await readResults(folder);
  return results.map(({ started: _started, durationMs: _duration, host: _host, ...rest }) => rest);
}

const plan: NightPlan = exampleNight();

test.each([2, 3])('%i shards, merged in any order, are what one machine would have run, but for times', async (of) => {
  const shards = await Promise.all(Array.from({ length: of }, (_, at) => shard(plan, at + 1, of)));
  const [merged, whole] = [join(root, 'merged'), join(root, 'whole')];
  await mergeNights(shards.toReversed(), merged);
  await mergeNights([await shard(plan, 1, 1)], whole);
  expect(await linesOf(merged)).toEqual(await linesOf(whole));
  expect(await linesOf(merged)).toHaveLength(plan.rows.length);
  expect(await readFile(join(merged, 'plan.json'), 'utf8')).toBe(await readFile(join(whole, 'plan.json'), 'utf8'));
});

test('the runs come along', async () => {
  const merged = join(root, 'merged');
  await mergeNights([await shard(plan, 1, 2), await shard(plan, 2, 2)], merged);
  for (const { row, folder } of await readResults(merged))
    expect(await readFile(join(merged, folder ?? '', 'verdict.json'), 'utf8')).toBe(row);
});

test('a row that one shard had no time for, and another ran, was run', async () => {
  const first = await shard(plan, 1, 1);
  const other = join(root, 'other');
  const [row] = plan.rows as [Row];
  await createNight(other, plan);
  await keepResult(other, exampleResult(row, { verdict: 'skip', skip: { because: 'budget' } }));
  await mergeNights([other, first], join(root, 'merged'));
  expect((await readResults(join(root, 'merged')))[0]).toMatchObject({ row: row.id, verdict: 'pass' });
});

test('a row that was run twice is refused, with both places', async () => {
  const [one, whole] = [await shard(plan, 1, 2), await shard(plan, 1, 1)];
  await expect(mergeNights([one, whole], join(root, 'merged'))).rejects.toThrow(/was run twice, in .*1of2 and .*1of1/);
});

test('shards of two nights are refused', async () => {
  const other = join(root, 'other');
  await createNight(other, exampleNight({ seed: 8 }));
  await expect(mergeNights([await shard(plan, 1, 2), other], join(root, 'merged'))).rejects.toThrow(
    /other is of another night than .*1of2/,
  );
});

test('a folder that holds a night is not written over', async () => {
  const one = await shard(plan, 1, 1);
  await expect(mergeNights([one], one)).rejects.toThrow(/holds a night already/);
});
