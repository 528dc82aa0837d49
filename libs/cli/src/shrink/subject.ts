/** What is to be shrunk: a scenario by its name, a run by its folder, a bundle by its file. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_K3S, k3sRelease } from '@faultline/cluster/plan';
import { systemClock } from '@faultline/history';
import { readBundle } from '@faultline/incident';
import { aboutScenario, cellOf, inCell, scenarioOf, type Bundle, type ShrinkCase } from '@faultline/incident/plan';
import { chooseCell } from '@faultline/scenario/plan';
import { UsageError } from '../exit.ts';
import { readPlan } from '../folder.ts';
import { seedOf, settingsOf, text, wantedFactors, type Given } from '../options.ts';
import { wishOf } from '../substrate.ts';
import { scenarioNamed } from '../workspace.ts';

export interface Subject {
  readonly from: string;
  readonly whole: ShrinkCase;
  /** What every case has: release, settings, nodes as they were. */
  readonly about: Bundle['about'];
  readonly seed: number;
}

/** @throws UsageError, BundleError, NoSuchCellError */
export async function subjectOf(given: string, options: Given, signal: AbortSignal): Promise<Subject> {
  const path = given === 'latest' ? resolve('runs/latest') : resolve(given);
  const left = join(path, 'bundle.tgz');
  if (/\.(tgz|tar\.gz)$/.test(given)) return ofBundle(given, await readBundle(path, { signal }), options);
  if (existsSync(left)) return ofBundle(given, await readBundle(left, { signal }), options);
  if (existsSync(join(path, 'plan.json'))) return ofRun(given, path, options);
  return ofScenario(given, options);
}

async function ofScenario(name: string, options: Given): Promise<Subject> {
  const scenario = await scenarioNamed(name);
  const { substrate } = wishOf(options);
  const cell = chooseCell(scenario, { ...wantedFactors(options), ...(substrate !== 'auto' && { substrate }) });
  const k3s = cell.substrate === 'k3s' ? k3sRelease(text(options['k3s']) ?? DEFAULT_K3S).version : undefined;
  const seed = seedOf(options);
  const about = aboutScenario(systemClock.wall(), { k3s, settings: settingsOf(options), seed });
  return { from: name, whole: { scenario: inCell(scenario, cell), objects: [] }, about, seed };
}

/** As it was planned then: cell, seed, release and settings; the scenario as it is today. */
async function ofRun(given: string, folder: string, options: Given): Promise<Subject> {
  const { scenario: name, cell, seed: planned, cluster } = await readPlan(folder);
  const scenario = await scenarioNamed(name);
  const { k3s, settings = {} } = cluster.spec;
  const seed = options['seed'] === undefined ? planned : seedOf(options);
  const about = aboutScenario(systemClock.wall(), { k3s, settings, seed });
  return { from: given, whole: { scenario: inCell(scenario, cell), objects: [] }, about, seed };
}

function ofBundle(given: string, bundle: Bundle, options: Given): Subject {
  const { about, scenario, objects } = bundle;
  if (scenario.faults.length === 0) {
    throw new UsageError(
      `${given}: nothing is done to this cluster, so nothing of it can fail. Allowed: what a run that failed left. ` +
        `Next: faultline replay ${given} --fault <scenario>, and shrink the bundle that it leaves where it fails`,
    );
  }
  const seed = options['seed'] === undefined && about.seed !== null ? about.seed : seedOf(options);
  return { from: given, whole: { scenario: inCell(scenarioOf(scenario), cellOf(bundle)), objects }, about, seed };
}
