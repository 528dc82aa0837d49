import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failedOver } from '@faultline/checker';
import type { Engine } from '@faultline/control';
import { defineIncident, type Incident, type RunOf, type TrackResult } from '@faultline/incident/plan';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { askIncident, type AskOptions } from './ask.ts';
import { isAsked, runFoldersIn, shownByRun } from './of-run.ts';

// Whole histories are judged, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const ABOUT = {
  name: 'some-incident',
  title: 'Something happened',
  threads: ['https://github.com/k3s-io/k3s/issues/1'],
  saw: 'it.',
  sign: 'it is seen again',
};
const K3S = 'v1.33.3+k3s1';

const upgrade: Incident = defineIncident({
  ...ABOUT,
  asked: {
    by: 'upgrade',
    sign: 'broken',
    from: 'v1.32.1+k3s1',
    to: K3S,
    here: { is: 'this', manifests: 'here.yaml' },
    control: { is: 'that', manifests: 'control.yaml' },
  },
});

/** The run that the example history of the checker is of; a real one says which release it was. */
const events = failedOver(7).map((event) =>
  event.type === 'run.begin' ? { ...event, versions: { ...event.versions, k3s: K3S } } : event,
);
const begin = events.find((event) => event.type === 'run.begin')!;
const run: RunOf = {
  is: 'a run',
  scenario: begin.scenario,
  cell: { substrate: begin.substrate, ...begin.cell } as unknown as RunOf['cell'],
};
const seen: Incident = defineIncident({
  ...ABOUT,
  asked: {
    by: 'scenario',
    sign: { check: 'outage', probe: 'edge-http-new', atLeastMs: 100, atMostMs: 60_000 },
    k3s: K3S,
    here: run,
    control: { ...run, scenario: 'another' },
  },
});

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-incident-'));
  folder = join(root, 'some/run');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'plan.json'), JSON.stringify({ scenario: begin.scenario }));
  await writeFile(join(folder, 'history.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
});
afterAll(() => rm(root, { recursive: true }));

async function asked(incident: Incident, faultline: AskOptions['faultline']): Promise<readonly TrackResult[]> {
  const kept: TrackResult[] = [];
  const keep = async (result: TrackResult) => void kept.push(result);
  const { signal } = new AbortController();
  await askIncident(incident, { docker: {} as Engine, signal, keep, commit: 'abc', ...(faultline && { faultline }) });
  return kept;
}

test('an upgrade shows it where it ends as the sign says, and its control is asked by its own manifests', async () => {
  const words: string[] = [];
  const results = await asked(upgrade, async (argv) => {
    words.push(argv.join(' '));
    const outcome = argv.includes('here.yaml') ? 'broken' : 'upgraded';
    return { stdout: JSON.stringify({ folder: 'runs/upgrade/x/1', outcome, reason: 'so' }), stderr: '' };
  });
  expect(results.map(({ side, shown, saw }) => [side, shown, saw])).toEqual([
    ['here', true, 'broken: so'],
    ['control', false, 'upgraded: so'],
  ]);
  expect(words[1]).toBe('upgrade --from v1.32.1+k3s1 --to v1.33.3+k3s1 --manifests control.yaml --cases none');
});

test.each([
  [
    'a verdict in doubt',
    { stdout: JSON.stringify({ folder: 'a/b/c', outcome: 'inconclusive', reason: 'never up' }), stderr: '' },
  ],
  ['no verdict', { stdout: '', stderr: 'line\nfaultline: skipped: images are missing' }],
  ['no JSON', { stdout: 'what?', stderr: '' }],
])('%s tells nothing, and says why', async (_, output) => {
  const results = await asked(upgrade, async () => output);
  expect(results.map(({ shown }) => shown)).toEqual([null, null]);
  expect(results[0]?.saw).not.toBe('');
});

test('a run is judged by the sign, from its history', async () => {
  const results = await asked(seen, async () => ({
    stdout: JSON.stringify({ folder, outcome: 'fail', reason: 'another check' }),
    stderr: '',
  }));
  expect(results[0]).toMatchObject({ shown: true, run: expect.stringContaining('some/run') as string });
});

test('a run that was made for something else counts where it is the one that is asked', async () => {
  expect(await runFoldersIn([root])).toEqual([folder]);
  const results = await shownByRun(folder, [seen, upgrade]);
  expect(results).toMatchObject([{ incident: 'some-incident', side: 'here', shown: true, run: begin.run }]);
});

test.each<[string, Partial<Pick<RunOf, 'scenario'>>, object]>([
  ['of another scenario', { scenario: 'another' }, {}],
  ['of another cell', {}, { backend: 'host-gw' }],
  ['with a setting besides', {}, { timing: '5/3/1' }],
])('a run %s is not the one that is asked', (_, change, cell) => {
  const is = { ...begin, cell: { ...begin.cell, ...cell } };
  expect(isAsked(run, K3S, begin)).toBe(true);
  expect(isAsked({ ...run, ...change }, K3S, is)).toBe(false);
});

test('a run of another release is not the one that is asked', () => {
  const onK3s = { ...begin, versions: { ...begin.versions, k3s: 'v1.35.1+k3s1' } };
  const asks: RunOf = { ...run, cell: { ...run.cell, substrate: 'k3s' } };
  const cell = { ...begin.cell, substrate: 'k3s' };
  expect(isAsked(asks, K3S, { ...onK3s, cell })).toBe(false);
  expect(isAsked(asks, 'v1.35.1+k3s1', { ...onK3s, cell })).toBe(true);
});
