import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gatherNights } from './gather.ts';
import { handIn, readNights } from './nights.ts';
import { nightText, skipped, syntheticNights, syntheticResult } from './synthetic-nights.ts';

async function emptyHistory(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-nights-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const [first, second] = syntheticNights([[syntheticResult()], [syntheticResult(), skipped('netem', { row: 'a/b' })]]);
const NIGHT = '2026-11-01';

describe('a history of nights', () => {
  test('gives back what was handed in, oldest first', async () => {
    await using history = await emptyHistory();
    for (const night of [second, first]) {
      if (night) await handIn(history.folder, { night: night.name, results: night.results });
    }
    expect(await readNights(history.folder)).toEqual({ nights: [first, second], unreadable: [] });
  });

  test('has a file for each night and shard, and no draft', async () => {
    await using history = await emptyHistory();
    const shards = [1, 2].map((index) => ({ index, of: 2 }));
    await Promise.all(
      shards.map((shard) => {
        const results = [syntheticResult({ row: `row/${shard.index}` })];
        return handIn(history.folder, { night: NIGHT, shard, results });
      }),
    );
    expect(await readdir(history.folder)).toEqual([`${NIGHT}.1of2.ndjson`, `${NIGHT}.2of2.ndjson`]);
    const { nights } = await readNights(history.folder);
    expect(nights.map(({ results, missing }) => [results.map(({ row }) => row), missing])).toEqual([
      [['row/1', 'row/2'], []],
    ]);
  });

  test('takes the same shard twice, and has it once', async () => {
    await using history = await emptyHistory();
    const night = { night: NIGHT, results: [syntheticResult()] };
    await handIn(history.folder, night);
    await handIn(history.folder, night);
    expect((await readNights(history.folder)).nights[0]?.results).toHaveLength(1);
  });

  test('is not rewritten', async () => {
    await using history = await emptyHistory();
    const file = await handIn(history.folder, { night: NIGHT, results: [syntheticResult()] });
    const before = await readFile(file, 'utf8');
    const other = { night: NIGHT, results: [skipped('netem')] };
    await expect(handIn(history.folder, other)).rejects.toThrow(/there already.*\nNext: .*--night 2026-11-01-b/);
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await readdir(history.folder)).toHaveLength(1);
  });

  test.each(['tonight', '../2026-11-21', '2026-11-21/../../x', '2026-11-21.1of1', ''])(
    'has no night called %j',
    async (night) => {
      await using history = await emptyHistory();
      await expect(handIn(history.folder, { night, results: [] })).rejects.toThrow(/is not allowed. Allowed: a date/);
      expect(await readdir(history.folder)).toEqual([]);
    },
  );

  test('passes over what is no .ndjson', async () => {
    await using history = await emptyHistory();
    await writeFile(join(history.folder, 'README.md'), '# our nights\n');
    expect(await readNights(history.folder)).toEqual({ nights: [], unreadable: [] });
  });
});

describe('files that are damaged', () => {
  const good = first ? nightText(first) : '';

  test('lose a line that is cut off, name it, and lose nothing else', () => {
    const { nights, unreadable } = gatherNights([{ name: `${NIGHT}.1of1.ndjson`, text: good + good.slice(0, 80) }]);
    expect(nights[0]?.results).toHaveLength(1);
    expect(unreadable.map(({ place }) => place)).toEqual([`${NIGHT}.1of1.ndjson:2`]);
  });

  test('name the marks of a merge that nobody finished', () => {
    const text = `<<<<<<< ours\n${good}=======\n>>>>>>> theirs\n`;
    const { nights, unreadable } = gatherNights([{ name: `${NIGHT}.1of1.ndjson`, text }]);
    expect(nights[0]?.results).toHaveLength(1);
    expect(unreadable.map(({ place }) => place.split(':')[1])).toEqual(['1', '3', '4']);
  });

  test('a line of a newer Faultline is named, and its neighbours are read', () => {
    const text = `${JSON.stringify({ ...syntheticResult(), version: 9 })}\n${good}`;
    const { nights, unreadable } = gatherNights([{ name: `${NIGHT}.1of1.ndjson`, text }]);
    expect(nights[0]?.results).toHaveLength(1);
    expect(unreadable[0]?.why).toMatch(/result version 9, this Faultline reads up to 1/);
  });

  test.each(['night.ndjson', `${NIGHT}.ndjson`, `${NIGHT}.3of2.ndjson`])('%s is no night, and is named', (name) => {
    expect(gatherNights([{ name, text: good }])).toEqual({
      nights: [],
      unreadable: [{ place: name, why: expect.stringContaining('<shard>of<shards>') as string }],
    });
  });

  test('a shard that did not hand in is named', () => {
    const { nights } = gatherNights([{ name: `${NIGHT}.2of3.ndjson`, text: good }]);
    expect(nights[0]?.missing).toEqual(['1of3', '3of3']);
  });

  test('a row that ran twice in a night counts once, by its later run', () => {
    const again = nightText({
      name: NIGHT,
      missing: [],
      results: [{ ...syntheticResult(), started: 2e12, commit: 'b' }],
    });
    const files = [
      { name: `${NIGHT}.1of2.ndjson`, text: again },
      { name: `${NIGHT}.2of2.ndjson`, text: good },
    ];
    expect(gatherNights(files).nights[0]?.results.map(({ commit }) => commit)).toEqual(['b']);
  });

  test('two nights of one day are in the order in which they began, whatever they are called', () => {
    const files = [9, 10].map((run, index) => ({
      name: `${NIGHT}-${run}-1.1of1.ndjson`,
      text: nightText({ name: '', missing: [], results: [syntheticResult({ started: 1e12 + index })] }),
    }));
    expect(gatherNights(files).nights.map(({ name }) => name)).toEqual([`${NIGHT}-9-1`, `${NIGHT}-10-1`]);
  });

  test('repeats of a row are runs of their own', () => {
    const results = [1, 2, 3].map((index) => syntheticResult({ repeat: { index, of: 3 } }));
    const files = [{ name: `${NIGHT}.1of1.ndjson`, text: nightText({ name: NIGHT, missing: [], results }) }];
    expect(gatherNights(files).nights[0]?.results).toHaveLength(3);
  });
});
