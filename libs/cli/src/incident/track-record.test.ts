/** The track record as it stands: every record can be asked, and the page is what its generator makes. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { k3sRelease } from '@faultline/cluster/plan';
import { readTrackResults } from '@faultline/incident';
import { commandOf, SIDES, standingOf, trackRecordPage } from '@faultline/incident/plan';
import { chooseCell, planRun, type ScenarioCell } from '@faultline/scenario/plan';
import { expect, test, vi } from 'vitest';
import { ROOT, scenarioNamed } from '../workspace.ts';
import { claimOf } from './ask.ts';
import { incidentsNamed, listIncidents } from './list.ts';
import { QUESTIONS } from './question/index.ts';

// Whole histories are judged, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const incidents = await listIncidents();

test('the page is what the generator makes of the results', async () => {
  const page = await readFile(join(ROOT, 'docs/track-record.md'), 'utf8');
  expect(page, 'next: npx faultline incidents --from docs/evidence').toBe(
    trackRecordPage(incidents, await readTrackResults(ROOT)),
  );
});

const sides = incidents.flatMap(({ name, asked }) => SIDES.map((side) => ({ name, asked, side })));

test('of each incident and its control two different things are asked', () => {
  const commands = incidents
    .filter(({ asked }) => asked.by !== 'claim')
    .map((one) => SIDES.map((side) => commandOf(one, side)));
  for (const [here, control] of commands) expect(here).not.toEqual(control);
});

const ofScenarios = sides.flatMap(({ name, asked, side }) =>
  asked.by === 'scenario' ? [[name, side, asked[side], asked.k3s] as const] : [],
);
test.for(ofScenarios)(
  '%s: the run of its side “%s” can be planned',
  async ([, , { scenario: wanted, cell: wish }, k3s]) => {
    const scenario = await scenarioNamed(wanted);
    const cell = chooseCell(scenario, wish as Partial<ScenarioCell>);
    expect(planRun(scenario, { cell, seed: 1, k3s, app: 'app', tools: 'tools' }).scenario).toBe(wanted);
  },
);

const ofUpgrades = sides.flatMap(({ name, asked, side }) =>
  asked.by === 'upgrade' ? [[name, side, asked[side].manifests, asked.from, asked.to] as const] : [],
);
test.for(ofUpgrades)('%s: the manifests of its side “%s” are there', ([, , manifests, from, to]) => {
  expect(existsSync(join(ROOT, manifests))).toBe(true);
  expect([k3sRelease(from).version, k3sRelease(to).version]).toEqual([from, to]);
});

const ofClaims = incidents.flatMap(({ name, asked }) => (asked.by === 'claim' ? [[name, asked.claim] as const] : []));
test.for(ofClaims)('%s: there is a question %s that is asked of a cluster', ([, claim]) => {
  expect(QUESTIONS[claim]?.claim ?? claimOf(claim)).toMatchObject({ how: 'cluster' });
});

test('each result is about an incident that there is', async () => {
  const names = incidents.map(({ name }) => name);
  for (const { incident } of await readTrackResults(ROOT)) expect(names).toContain(incident);
});

test('what is said to be reproduced was shown by a run, and not by its control', async () => {
  const results = await readTrackResults(ROOT);
  const reproduced = incidents.map((one) => standingOf(one, results)).filter(({ word }) => word === 'reproduced');
  expect(reproduced.length).toBeGreaterThan(0);
  for (const { here, control } of reproduced) {
    expect(here.shown).toBe(here.runs);
    expect(here.runs).toBeGreaterThan(0);
    expect(control).toMatchObject({ shown: 0 });
    expect(control.runs).toBeGreaterThan(0);
  }
});

test('an incident is named, or the nearest is', async () => {
  expect((await incidentsNamed(['ready-without-routes'])).map(({ name }) => name)).toEqual(['ready-without-routes']);
  await expect(incidentsNamed(['ready-without-route'])).rejects.toThrow('ready-without-routes');
});
