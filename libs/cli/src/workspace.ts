/** Where the checkout is: scenarios, scripts and runs are beside the libs. */
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Scenario } from '@faultline/scenario/plan';
import { oneOf } from './allowed.ts';

export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));
export const RUNS: string = join(ROOT, 'runs');

/** Every scenario, by name. */
export async function allScenarios(): Promise<readonly Scenario[]> {
  const files = await Array.fromAsync(glob('scenarios/*/*.scenario.ts', { cwd: ROOT }));
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(join(ROOT, file)).href) as Promise<{ default: Scenario }>),
  );
  return modules.map((module) => module.default).toSorted((a, b) => a.name.localeCompare(b.name));
}

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
