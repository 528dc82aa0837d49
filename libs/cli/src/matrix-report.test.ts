import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseResult, RESULT_VERSION, resultLine, type Result } from '@faultline/matrix/plan';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { execute } from './command/matrix-report.ts';

const DAY = 86_400_000;

const result = (change: Partial<Result> = {}): Result => ({
  version: RESULT_VERSION,
  row: 'kill-the-announcing-node/k3s-vxlan-metallb-l2',
  scenario: 'kill-the-announcing-node',
  cell: { loadBalancer: 'metallb-l2' },
  repeat: null,
  verdict: 'pass',
  reason: 'out for 5.69 s',
  skip: null,
  figures: [{ name: 'failover edge-http-new', measured: 5690, expected: { low: 4940, median: 5600, high: 7150 } }],
  started: Date.parse('2026-11-01T23:30:00Z'),
  durationMs: 61_000,
  folder: 'rows/a',
  commit: 'abc',
  host: 'ci-1',
  class: '',
  lastEvent: null,
  ...change,
});

let folder = '';
let said = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-report-'));
  said = '';
  vi.spyOn(console, 'log').mockImplementation((text: string) => (said += `${text}\n`));
});
afterEach(() => {
  vi.restoreAllMocks();
  return rm(folder, { recursive: true });
});

/** A folder as `matrix run` leaves it. */
async function night(name: string, results: readonly Result[]): Promise<string> {
  const where = join(folder, name);
  await mkdir(join(where, 'rows/a'), { recursive: true });
  await writeFile(join(where, 'results.ndjson'), results.map((one) => `${resultLine(one)}\n`).join(''));
  await writeFile(join(where, 'rows/a/report.html'), '<!doctype html>');
  return where;
}
const history = (): string => join(folder, 'history');
const out = (): string => join(folder, 'out');
const report = (options: Record<string, string> = {}): Promise<number> =>
  execute([history()], { out: out(), ...options });

describe('matrix report', () => {
  test('hands a night in by the day on which it began, and writes its page, summary, junit.xml and JSON', async () => {
    expect(
      await report({ add: await night('n', [result(), result({ row: 'b', started: result().started + DAY / 2 })]) }),
    ).toBe(0);
    expect(await readdir(history())).toEqual(['2026-11-01.1of1.ndjson']);
    expect(await readdir(out())).toEqual(['junit.xml', 'night.html', 'night.json', 'summary.md']);
    expect(said).toMatch(/^2026-11-01 {2}pass: 2 of 2 rows passed\./);
  });

  test('leads from the page to the run', async () => {
    await report({ add: await night('n', [result()]) });
    expect(await readFile(join(out(), 'night.html'), 'utf8')).toContain('href="../n/rows/a/report.html"');
  });

  test('of a night with a failure exits with 1, with a doubt 2', async () => {
    const bad = { figures: [], class: 'x' };
    expect(await report({ add: await night('f', [result({ ...bad, verdict: 'fail' })]) })).toBe(1);
    const doubt = await night('d', [result({ ...bad, verdict: 'inconclusive' })]);
    expect(await report({ add: doubt, night: '2026-11-02' })).toBe(2);
  });

  test('of a row that was resumed takes its last line', async () => {
    const first = result({ verdict: 'skip', skip: { because: 'budget' }, figures: [] });
    await report({ add: await night('n', [first, result()]) });
    const text = await readFile(join(history(), '2026-11-01.1of1.ndjson'), 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => parseResult(line).verdict),
    ).toEqual(['pass']);
  });

  test('of shards that hand in by themselves misses the one that did not', async () => {
    expect(await report({ add: await night('n', [result()]), shard: '1/2' })).toBe(2);
    expect(said).toContain('no results of 2of2');
    expect(await report({ add: await night('m', [result({ row: 'b' })]), shard: '2/2' })).toBe(0);
  });

  test('tells of an earlier night what was known then', async () => {
    await report({ add: await night('n', [result()]) });
    await report({ add: await night('m', [result({ verdict: 'fail', started: result().started + DAY })]) });
    expect(await report({ night: '2026-11-01' })).toBe(0);
    expect(await report()).toBe(1);
  });

  test("the history's own quarantine holds, and its page says who asked for it", async () => {
    await report({ add: await night('n', [result({ verdict: 'fail', class: 'x' })]) });
    const { failures } = JSON.parse(await readFile(join(out(), 'night.json'), 'utf8')) as {
      failures: { fingerprint: string }[];
    };
    const entry = { fingerprint: failures[0]?.fingerprint, owner: 'ada', reason: '#7', until: '2026-11-15' };
    await writeFile(join(history(), 'quarantine.json'), JSON.stringify({ version: 1, entries: [entry] }));
    expect(await report()).toBe(0);
    expect(await readFile(join(out(), 'night.html'), 'utf8')).toContain('ada until 2026-11-15');
  });

  test('a copy of the history gives the same night.json', async () => {
    await report({ add: await night('n', [result()]) });
    const first = await readFile(join(out(), 'night.json'), 'utf8');
    await cp(history(), join(folder, 'copy'), { recursive: true });
    await execute([join(folder, 'copy')], { out: out() });
    expect(await readFile(join(out(), 'night.json'), 'utf8')).toBe(first);
  });

  test.each([
    ['a history that is not there', {}, /does not exist. Next: .*--add/],
    ['a shard of nothing', { add: 'n', shard: '3/2' }, /--shard "3\/2" is not allowed. Allowed: i\/n/],
    ['a night that never was', { add: 'n', night: 'tonight' }, /night "tonight" is not allowed/],
    ['no nights', { add: 'n', nights: '0' }, /nights/],
  ])('%s is refused with what is allowed', async (_, options, says) => {
    const there = await night('n', [result()]);
    await expect(report({ ...options, ...('add' in options && { add: there }) })).rejects.toThrow(says);
  });

  test('an earlier night that is not there is refused with those that are', async () => {
    await report({ add: await night('n', [result()]) });
    await expect(report({ night: '2026-12-24' })).rejects.toThrow(/there is none. The last ones are 2026-11-01/);
  });
});
