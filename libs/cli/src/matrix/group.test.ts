/** What becomes of the rows of a group when its clusters do what clusters do. No cluster is up: its deeds are played. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failedOver, judge, type Outcome } from '@faultline/checker';
import type { Engine } from '@faultline/control';
import { systemClock } from '@faultline/history';
import type { Assignment, Report } from '@faultline/matrix';
import { planNight, rowsOf, type Result, type Row } from '@faultline/matrix/plan';
import { chooseCell } from '@faultline/scenario/plan';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SkippedError } from '../exit.ts';
import { scenarioNamed } from '../workspace.ts';
import { runGroup, type Deeds } from './group.ts';
import { faultNeeds } from './intent.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder = '';
let rows: readonly Row[] = [];
/** Which rows each cluster that was booted was asked for. */
let clusters: string[][] = [];
let said: Report[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-group-'));
  [clusters, said] = [[], []];
  const scenarios = await Promise.all(
    ['block-vxlan', 'take-the-link-down', 'lower-the-mtu-of-an-agent'].map(scenarioNamed),
  );
  const night = planNight(scenarios, { seed: 1, strength: 3, faultNeeds, substrates: ['bare'] });
  const group = night.groups.find((one) => one.rows.length >= 3);
  rows = group ? rowsOf(night, group).slice(0, 3) : [];
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

interface Play {
  readonly verdicts?: Readonly<Record<string, Outcome>>;
  /** The checks that a fail is for. */
  readonly failing?: readonly string[];
  /** Thrown at boot. */
  readonly boot?: Error;
  /** The row in which the cluster breaks. */
  readonly breaks?: string;
  readonly intend?: (row: string) => void;
  readonly stop?: AbortController;
}

const rowOf = (scenario: string): string => rows.find(({ cell }) => cell.scenario === scenario)?.id ?? '';

function deedsOf({ verdicts = {}, failing = [], boot, breaks, intend = () => {}, stop }: Play): Deeds {
  return {
    async intend(scenario, _options, seed) {
      intend(rowOf(scenario.name));
      const cell = chooseCell(scenario, { substrate: 'bare', backend: rows[0]?.cell.backend ?? 'vxlan' });
      const from = { commit: 'abc', dirty: false, versions: {} };
      const choice = { substrate: 'bare', k3s: undefined, reason: 'asked for' } as const;
      const plan = { cell, seed, app: 'app', tools: 'tools' };
      return { scenario, cell, settings: {}, choice, plan, from, versions: {}, command: 'again' };
    },
    async runRepeats(plans, _options, { open, close }) {
      const asked: string[] = [];
      clusters.push(asked);
      if (boot) throw boot;
      for (const plan of plans) {
        const place = await open(plan);
        const id = rowOf(plan.scenario);
        asked.push(id);
        if (id === breaks) stop?.abort(new Error('Ctrl-C'));
        const error = id === breaks ? new Error('the API is gone') : undefined;
        await close(plan, place, error);
        if (error) throw error;
      }
    },
    async reportFolder(place) {
      const id = rows.find((row) => place.endsWith(row.id))?.id ?? '';
      const events = failedOver(7);
      const outcome = verdicts[id] ?? (id === breaks ? 'inconclusive' : 'pass');
      const known = judge(events, []);
      const failed = failing.map((check) => ({ check, outcome: 'fail' as const, reason: 'as played' }));
      const checks = outcome === 'fail' ? [...known.checks, ...failed] : known.checks;
      return { events, verdict: { ...known, checks, outcome, reason: `it is a ${outcome}` } };
    },
  };
}

async function play(how: Play = {}, change: Partial<Assignment> = {}): Promise<readonly Result[]> {
  const assignment: Assignment = { name: 'cluster-001', rows, folder, untilMs: null, ...change };
  const signal = how.stop?.signal ?? new AbortController().signal;
  const say = (report: Report) => void said.push(report);
  await runGroup(assignment, { docker: {} as Engine, signal, say, deeds: deedsOf(how) });
  return said.flatMap((report) => ('result' in report ? [report.result] : []));
}

const ids = (): readonly string[] => rows.map(({ id }) => id);
const verdictsOf = (results: readonly Result[]) => results.map(({ row, verdict }) => [row, verdict]);

test('three rows are served by one cluster, and each leaves its run', async () => {
  const results = await play();
  expect(verdictsOf(results)).toEqual(ids().map((id) => [id, 'pass']));
  expect(clusters).toEqual([ids()]);
  for (const { folder: run } of results) {
    const plan: unknown = JSON.parse(await readFile(join(folder, run ?? '', 'plan.json'), 'utf8'));
    expect(plan).toMatchObject({ seed: rows.find(({ id }) => run === `rows/${id}`)?.seed, substrate: 'bare' });
  }
  expect(results.slice(1).map(({ bootMs }) => bootMs)).toEqual([undefined, undefined]);
  expect(said.map((report) => ('begin' in report ? report.begin : report.result.row))).toEqual(
    ids().flatMap((id) => [id, id]),
  );
});

test.each([
  ['a fail that left something behind', 'fail', ['no residue']],
  ['a fail after which clients are not served again', 'fail', ['steady after']],
  ['a doubt', 'inconclusive', []],
] as const)('after %s the next row gets a fresh cluster', async (_, outcome, failing) => {
  const [first = '', ...others] = ids();
  const results = await play({ verdicts: { [first]: outcome }, failing });
  expect(verdictsOf(results)).toEqual([[first, outcome], ...others.map((id) => [id, 'pass'])]);
  expect(clusters).toEqual([[first], others]);
});

test('a fail that left the cluster as it was is followed by the next row', async () => {
  const [first = ''] = ids();
  const results = await play({ verdicts: { [first]: 'fail' }, failing: ['outage edge-http-new'] });
  expect(results[0]?.verdict).toBe('fail');
  expect(clusters).toEqual([ids()]);
});

test('a cluster that breaks in a row takes none of the others along', async () => {
  const [, second = ''] = ids();
  const results = await play({ breaks: second });
  expect(verdictsOf(results)).toEqual(ids().map((id) => [id, id === second ? 'inconclusive' : 'pass']));
  expect(clusters).toHaveLength(2);
});

test('a row is begun before its cluster boots: whoever resumes a night that was killed then knows what to undo', async () => {
  await play({ boot: new Error('no node was ever Ready') });
  expect(said[0]).toMatchObject({ begin: ids()[0] });
});

test('a cluster that does not come up is a doubt about each of its rows, and is not booted again', async () => {
  const results = await play({ boot: new Error('no node was ever Ready') });
  expect(verdictsOf(results)).toEqual(ids().map((id) => [id, 'inconclusive']));
  expect(results[0]).toMatchObject({
    class: 'boot',
    reason: 'the cluster did not come up: no node was ever Ready',
    folder: null,
  });
  expect(clusters).toHaveLength(1);
});

test('images that cannot be had make skips', async () => {
  const missing = Object.assign(new Error('2 images are missing'), { name: 'ImagesMissingError' });
  expect(verdictsOf(await play({ boot: missing }))).toEqual(ids().map((id) => [id, 'skip']));
});

test('a row that this host cannot be asked for is a skip, and the others are run', async () => {
  const [, second = ''] = ids();
  const lacks = new SkippedError('fault-0 (loss): this host lacks netem (it said no)', 'netem');
  const results = await play({
    intend: (row) => {
      if (row === second) throw lacks;
    },
  });
  expect(results[0]).toMatchObject({
    row: second,
    verdict: 'skip',
    skip: { because: 'capability', capability: 'netem' },
  });
  expect(clusters).toEqual([ids().filter((id) => id !== second)]);
});

test('a row whose time is over is not begun', async () => {
  const untilMs = Date.parse(systemClock.wall());
  expect(verdictsOf(await play({}, { untilMs }))).toEqual([[ids()[0], 'pass']]);
  expect(clusters).toHaveLength(1);
});

test('a row in the middle of an interruption has no result, and what it had is kept beside when it is run anew', async () => {
  const [first = '', second = ''] = ids();
  const stop = new AbortController();
  expect(verdictsOf(await play({ breaks: second, stop }))).toEqual([[first, 'pass']]);
  expect(await readFile(join(folder, `rows/${second}/history.ndjson`), 'utf8')).toContain('"outcome":"interrupted"');
  said = [];
  await play({}, { rows: rows.slice(1) });
  const kept = await readdir(join(folder, `rows/${second}`, '..'));
  expect(kept.filter((name) => name.includes('-cut-off-'))).toHaveLength(1);
});
