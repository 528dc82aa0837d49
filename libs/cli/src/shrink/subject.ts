/** What is to be shrunk: a scenario by its name, a run by its folder, a bundle by its file. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readBundle } from '@faultline/incident';
import { inCell, scenarioOf, type Bundle, type Circumstances, type ShrinkCase } from '@faultline/incident/plan';
import { cellsOf, chooseCell } from '@faultline/scenario/plan';
import { readPlan } from '../folder.ts';
import { seedOf, settingsOf, text, wantedFactors, type Given } from '../options.ts';
import { wishOf } from '../substrate.ts';
import { scenarioNamed } from '../workspace.ts';

export interface Subject {
  readonly from: string;
  readonly whole: ShrinkCase;
  readonly circumstances: Circumstances;
}

/** @throws UsageError, BundleError, NoSuchCellError */
export async function subjectOf(given: string, options: Given, signal: AbortSignal): Promise<Subject> {
  const path = given === 'latest' ? resolve('runs/latest') : resolve(given);
  if (/\.(tgz|tar\.gz)$/.test(given)) return ofBundle(given, await readBundle(path, { signal }), options);
  if (existsSync(join(path, 'plan.json'))) return ofRun(given, path, options);
  return ofScenario(given, options);
}

async function ofScenario(name: string, options: Given): Promise<Subject> {
  const scenario = await scenarioNamed(name);
  const { substrate } = wishOf(options);
  const cell = chooseCell(scenario, { ...wantedFactors(options), ...(substrate !== 'auto' && { substrate }) });
  const circumstances = { seed: seedOf(options), k3s: text(options['k3s']), settings: settingsOf(options) };
  return { from: name, whole: { scenario: inCell(scenario, cell), objects: [] }, circumstances };
}

/** As it was planned then: cell, seed, release and settings; the scenario as it is today. */
async function ofRun(given: string, folder: string, options: Given): Promise<Subject> {
  const { scenario: name, cell, seed, cluster } = await readPlan(folder);
  const scenario = await scenarioNamed(name);
  const { k3s, settings = {} } = cluster.spec;
  const circumstances = { seed: options['seed'] === undefined ? seed : seedOf(options), k3s, settings };
  return { from: given, whole: { scenario: inCell(scenario, cell), objects: [] }, circumstances };
}

function ofBundle(given: string, { about, scenario: bundled, objects }: Bundle, options: Given): Subject {
  const scenario = scenarioOf(bundled);
  const [cell] = cellsOf(scenario);
  const { k3s, settings, seed } = about;
  return {
    from: given,
    whole: { scenario: cell ? inCell(scenario, cell) : scenario, objects },
    circumstances: {
      seed: options['seed'] === undefined && seed !== null ? seed : seedOf(options),
      k3s: k3s?.taken,
      settings,
    },
  };
}
