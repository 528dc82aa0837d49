/** Nights whose groups are real processes that only pretend to run anything. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { host, isAlive, thisProcess, type Owner } from '@faultline/control';
import { manualClock, MILLISECOND, SECOND, systemClock, type Clock } from '@faultline/history';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conductNight, type Night } from './conduct.ts';
import { exampleNight, exampleResult } from './example-night.ts';
import { createNight, keepBegun, keepResult, latest, readBegun, readResults } from './night-folder.ts';
import type { NightPlan, Row } from './plan-night.ts';
import type { Result } from './result.ts';
import { durationOf, rowsOf, shardOf, WHOLE } from './share.ts';

// Each group is a process, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** Passes every row, but for those that it is told to do something else with. */
const GROUP = `
import { readFileSync } from 'node:fs';
const { rows, untilMs } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const odd = JSON.parse(process.argv[3]);
const say = (report) => console.log(JSON.stringify(report));
process.stdin.resume().on('end', () => process.exit(130));
for (const row of rows) {
  if (odd[row.id] === 'late') process.exit(0);
  say({ begin: row.id, owner: { boot: 'b', pid: process.pid, started: '1' } });
  if (odd[row.id] === 'dies') { console.error('out of memory'); process.kill(process.pid, 'SIGKILL'); }
  if (odd[row.id] === 'hangs') await new Promise(() => {});
  say({ result: { ...JSON.parse(process.argv[4]), row: row.id, scenario: row.cell.scenario, cell: row.cell } });
}
process.exit(0);
`;

let folder = '';
let groups: string[] = [];
let undone = 0;
let told: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-night-'));
  await writeFile(join(folder, 'group.mjs'), GROUP);
  [groups, undone, told] = [[], 0, []];
});
afterEach(() => rm(folder, { recursive: true }));

interface Change extends Partial<Night> {
  readonly odd?: Readonly<Record<string, 'dies' | 'hangs' | 'late'>>;
}

function night(plan: NightPlan, { odd = {}, ...change }: Change = {}): Night {
  const pass = JSON.stringify(exampleResult(plan.rows[0] as Row));
  return {
    plan,
    shard: WHOLE,
    budgetMs: undefined,
    folder,
    host: 'here',
    commit: null,
    clock: systemClock,
    signal: AbortSignal.timeout(50_000),
    tell: (line) => void told.push(line),
    undo: async () => void undone++,
    async start(assignment) {
      groups.push(assignment.rows.map(({ id }) => id).join());
      const file = join(folder, `${assignment.name}.json`);
      await writeFile(file, JSON.stringify(assignment));
      return host.start([process.execPath, join(folder, 'group.mjs'), file, JSON.stringify(odd), pass]);
    },
    ...change,
  };
}

async function verdicts(): Promise<Readonly<Record<string, string>>> {
  const results = await readResults(folder);
  return Object.fromEntries(results.map(({ row, verdict }) => [row, verdict]));
}

const idsOf = (plan: NightPlan): readonly string[] => plan.rows.map(({ id }) => id);
const all = (plan: NightPlan, verdict: string): object => Object.fromEntries(idsOf(plan).map((id) => [id, verdict]));

test('every row of the night has one line, and every group one process', async () => {
  const plan = exampleNight();
  await createNight(folder, plan);
  await conductNight(night(plan));
  expect(await verdicts()).toEqual(all(plan, 'pass'));
  expect(await readResults(folder)).toHaveLength(plan.rows.length);
  expect(groups).toHaveLength(plan.groups.length);
  expect(undone).toBe(0);
});

test('a row whose process dies loses no other: not one before it, and not one after it', async () => {
  const plan = exampleNight();
  const [group] = shardOf(plan, WHOLE);
  const victim = group?.rows[1] ?? '';
  await createNight(folder, plan);
  await conductNight(night(plan, { odd: { [victim]: 'dies' } }));
  expect(await verdicts()).toEqual({ ...all(plan, 'pass'), [victim]: 'inconclusive' });
  const result = (await readResults(folder)).find(({ row }) => row === victim);
  expect(result).toMatchObject({ class: 'crash', folder: `rows/${victim}` });
  expect(result?.reason).toMatch(/its process died \(exit code .*\): out of memory/);
  expect(undone).toBe(1);
  // What came after it in its group went on in a process of its own.
  expect(groups).toHaveLength(plan.groups.length + 1);
  expect(groups[1]).toBe(group?.rows.slice(2).join());
});

test('a group whose process always dies at once comes to an end', async () => {
  const plan = exampleNight();
  await createNight(folder, plan);
  const start = () => host.start([process.execPath, '-e', 'process.exit(1)']);
  await conductNight(night(plan, { start }));
  expect(await verdicts()).toEqual(all(plan, 'inconclusive'));
  expect(undone).toBe(plan.rows.length);
});

test('what was finished is not run again, and what was in the middle is, and says so', async () => {
  const plan = exampleNight();
  const [done, middle] = shardOf(plan, WHOLE)[0]?.rows ?? [];
  await createNight(folder, plan);
  await keepResult(folder, exampleResult(rowOf(plan, done), { verdict: 'fail', reason: 'of the night before' }));
  await keepBegun(folder, { row: done ?? '', owner: dead });
  await keepBegun(folder, { row: middle ?? '', owner: dead });
  await conductNight(night(plan));
  expect(await verdicts()).toEqual({ ...all(plan, 'pass'), [done ?? '']: 'fail' });
  expect(groups.join()).not.toContain(done);
  expect(told).toContain(`${middle} was in the middle of its run: it is run anew`);
  expect(told.join('\n')).toContain('1 done with already');
  expect(undone).toBe(1);
  expect(await readResults(folder)).toHaveLength(plan.rows.length);
});

test('a night that is interrupted ends its group by closing its input, and goes on where it was', async () => {
  const plan = exampleNight();
  const [, hanging = ''] = shardOf(plan, WHOLE)[0]?.rows ?? [];
  await createNight(folder, plan);
  const stop = new AbortController();
  const tell = (line: string) => void told.push(line);
  const running = conductNight(night(plan, { odd: { [hanging]: 'hangs' }, signal: stop.signal, tell }));
  await vi.waitFor(async () => expect((await readBegun(folder)).map(({ row }) => row)).toContain(hanging), 20_000);
  stop.abort(new Error('Ctrl-C'));
  await running;
  expect(Object.keys(await verdicts())).toHaveLength(1);
  await conductNight(night(plan));
  expect(await verdicts()).toEqual(all(plan, 'pass'));
  expect(told).toContain(`${hanging} was in the middle of its run: it is run anew`);
});

test('a night does not begin beside the process of the one before', async () => {
  const plan = exampleNight();
  await createNight(folder, plan);
  await keepBegun(folder, { row: plan.rows[0]?.id ?? '', owner: thisProcess() });
  const signal = AbortSignal.timeout(2_000);
  expect(isAlive(thisProcess())).toBe(true);
  await expect(conductNight(night(plan, { signal }))).rejects.toThrow(/aborted|lives/);
  expect(groups).toEqual([]);
});

test('rows for which there is no time are named, and are run when there is', async () => {
  const plan = exampleNight();
  const [first] = shardOf(plan, WHOLE);
  const budgetMs = first ? durationOf(rowsOf(plan, first)) : 0;
  await createNight(folder, plan);
  await conductNight(night(plan, { budgetMs }));
  const results = await readResults(folder);
  const left = results.filter(({ skip }) => skip?.because === 'budget').map(({ row }) => row);
  expect(left.length + (first?.rows.length ?? 0)).toBe(plan.rows.length);
  expect(groups).toEqual([first?.rows.join()]);
  await conductNight(night(plan));
  expect(
    Object.fromEntries([...latest(await readResults(folder))].map(([row, { verdict }]) => [row, verdict])),
  ).toEqual(all(plan, 'pass'));
});

test('what a group had no time for is named as well', async () => {
  const plan = exampleNight();
  const late = shardOf(plan, WHOLE)[0]?.rows.at(-1) ?? '';
  await createNight(folder, plan);
  await conductNight(night(plan, { odd: { [late]: 'late' }, budgetMs: 3_600_000 }));
  expect((await verdicts())[late]).toBe('skip');
  expect(undone).toBe(0);
});

test('a group that took longer than it should leaves no time for the next', async () => {
  const plan = exampleNight();
  const [first] = shardOf(plan, WHOLE);
  await createNight(folder, plan);
  const clock = manualClock(0);
  const whole = night(plan);
  const start: Night['start'] = (assignment) => {
    clock.advance(3_590 * SECOND);
    return whole.start(assignment);
  };
  await conductNight(night(plan, { clock, start, budgetMs: 3_600_000 }));
  const run = (await readResults(folder)).filter(({ verdict }) => verdict === 'pass').map(({ row }) => row);
  expect(run).toEqual(first?.rows);
});

test('a group is told when its time is over', async () => {
  const plan = exampleNight();
  await createNight(folder, plan);
  const clock: Clock = manualClock(5 * MILLISECOND);
  await conductNight(night(plan, { clock, budgetMs: 3_600_000 }));
  const [group] = plan.groups;
  expect(JSON.parse(await readFile(join(folder, `${group?.name}.json`), 'utf8'))).toMatchObject({ untilMs: 3_600_005 });
});

test('a row that lacks something is a skip with its name, told by the first shard alone', async () => {
  const lacking = [{ capability: 'vxlan', reason: 'the kernel has none' }];
  const plan = exampleNight({ lacking });
  await createNight(folder, plan);
  await conductNight(night(plan, { shard: { index: 2, of: 2 } }));
  await conductNight(night(plan, { shard: { index: 1, of: 2 } }));
  const skips = (await readResults(folder)).filter(({ verdict }) => verdict === 'skip');
  const wanted = plan.rows.filter(({ cell }) => cell.backend === 'vxlan');
  expect(skips.map(({ row }) => row)).toEqual(wanted.map(({ id }) => id));
  expect(skips[0]).toMatchObject<Partial<Result>>({
    skip: { because: 'capability', capability: 'vxlan' },
    reason: 'vxlan: the kernel has none',
  });
});

const dead: Owner = { boot: 'of yesterday', pid: 1, started: '1' };

function rowOf(plan: NightPlan, id: string | undefined): Row {
  return plan.rows.find((row) => row.id === id) as Row;
}
