/** Where the checkout is: scenarios, scripts and runs are beside the libs. */
import { glob } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Scenario } from '@faultline/scenario/plan';
import { oneOf } from './allowed.ts';

export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));
export const RUNS: string = join(ROOT, 'runs');

/** A scenario, and the folder that it is in. */
export interface Listed {
  readonly topic: string;
  readonly scenario: Scenario;
}

/** Every scenario, by topic and name. */
export async function listScenarios(): Promise<readonly Listed[]> {
  const files = await Array.fromAsync(glob('scenarios/*/*.scenario.ts', { cwd: ROOT }));
  const listed = await Promise.all(
    files.map(async (file) => {
      const { default: scenario } = (await import(pathToFileURL(join(ROOT, file)).href)) as { default: Scenario };
      return { topic: basename(dirname(file)), scenario };
    }),
  );
  return listed.toSorted((a, b) => a.topic.localeCompare(b.topic) || a.scenario.name.localeCompare(b.scenario.name));
}

export const allScenarios = async (): Promise<readonly Scenario[]> =>
  (await listScenarios()).map(({ scenario }) => scenario);

/** @throws UsageError naming the nearest scenario and all that there are. */
export async function scenarioNamed(name: string): Promise<Scenario> {
  const scenarios = await allScenarios();
  const known = oneOf(
    'scenario',
    name,
    scenarios.map((scenario) => scenario.name),
  );
  return scenarios.find((scenario) => scenario.name === known) as Scenario;
}
