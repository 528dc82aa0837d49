/** What a command line says about a night: which scenarios, which releases, which seed, what is known to be lacking. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { K3S_RELEASES, k3sRelease } from '@faultline/cluster/plan';
import { parseNightPlan, readNightPlan, readNights, readResults } from '@faultline/matrix';
import {
  measuredDurations,
  planNight,
  type Candidate,
  type Lack,
  type NightPlan,
  type Result,
  type Shard,
} from '@faultline/matrix/plan';
import { faultId, milliseconds, type Scenario, type ScenarioCell } from '@faultline/scenario/plan';
import { oneOf, wholeNumber } from '../allowed.ts';
import { hostFeaturesOf, lackOfCell, needsOfFaults } from '../capability.ts';
import { UsageError } from '../exit.ts';
import { seedOf, text, type Given } from '../options.ts';
import { listScenarios } from '../workspace.ts';

export const MOST_SHARDS = 64;

/** The plan that the command line asks for: from a file, or made here. @param lacking what this host was found to lack. */
export async function nightOf(options: Given, lacking: readonly Lack[] = []): Promise<NightPlan> {
  const file = text(options['plan']);
  if (file !== undefined) return readPlanFile(file);
  const strength = options['pairwise']
    ? 2
    : wholeNumber('--strength', text(options['strength']) ?? '2', { min: 2, max: 3 });
  const substrate = oneOf('substrate', text(options['substrate']) ?? 'any', ['any', 'k3s', 'bare']);
  const [scenarios, durations] = await Promise.all([scenariosOf(options), durationsOf(options)]);
  const night = planNight(scenarios, {
    seed: seedOf(options),
    strength,
    durations,
    faultNeeds,
    lacking: [...lacking, ...lackingOf(options)],
    releases: words(
      options['k3s'],
      K3S_RELEASES.map(({ version }) => version),
    ).map((one) => k3sRelease(one).version),
    ...(substrate !== 'any' && { substrates: [substrate] }),
  });
  if (night.rows.length === 0)
    throw new UsageError('no cell is left. Next: fewer of --scenario, --substrate and --k3s');
  return night;
}

async function readPlanFile(file: string): Promise<NightPlan> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) return readNightPlan(file);
  return parseNightPlan(await readFile(file, 'utf8').catch(() => undefined), file);
}

/** What the faults of a scenario need of the host, and what no such cell has. */
export function faultNeeds(scenario: Scenario, cell: ScenarioCell): Pick<Candidate, 'needs' | 'lacks'> {
  const needs = needsOfFaults(scenario.faults.map(({ kind }, index) => ({ id: faultId(index), kind })));
  return {
    needs: needs.flatMap(({ capability }) => hostFeaturesOf(capability)),
    lacks: needs.flatMap(({ capability }) => {
      const reason = lackOfCell(capability, cell);
      return reason === undefined ? [] : [{ capability, reason }];
    }),
  };
}

/** All, or those of the names and topics given. @throws UsageError naming the nearest. */
async function scenariosOf(options: Given): Promise<readonly Scenario[]> {
  const all = await listScenarios();
  const names = [...new Set(all.flatMap(({ topic, scenario }) => [topic, scenario.name]))];
  const wanted = words(options['scenario'], names).map((name) => oneOf('scenario or topic', name, names));
  return all
    .filter(({ topic, scenario }) => wanted.includes(topic) || wanted.includes(scenario.name))
    .map(({ scenario }) => scenario);
}

/** What rows took on earlier nights: a night's folder, or a history of nights. */
async function durationsOf(options: Given): Promise<ReadonlyMap<string, number>> {
  const nights = await Promise.all(words(options['durations'], []).map((folder) => earlierResults(folder)));
  return measuredDurations(nights.flat());
}

/** @throws UsageError where it is neither. An empty history is one: the first night of all has no other. */
async function earlierResults(folder: string): Promise<readonly Result[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new UsageError(`--durations ${folder}: no folder. Allowed: a night's folder, or a history of nights`);
  if (existsSync(join(folder, 'results.ndjson'))) return readResults(folder);
  return (await readNights(folder)).nights.flatMap(({ results }) => results);
}

const lackingOf = (options: Given): readonly Lack[] =>
  words(options['lacking'], []).map((capability) => ({ capability, reason: 'said to be lacking by --lacking' }));

export const words = (value: Given[string], unless: readonly string[]): readonly string[] =>
  Array.isArray(value) ? value.map(String) : unless;

/** `2/4`. @throws UsageError */
export function shardOption(options: Given): Shard {
  const given = text(options['shard']) ?? '1/1';
  const [, index = '', of = ''] = /^(\d+)\/(\d+)$/.exec(given) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.index <= shard.of && shard.of <= MOST_SHARDS) return shard;
  throw new UsageError(`--shard "${given}" is not allowed. Allowed: i/n, e.g. 2/4, with n up to ${MOST_SHARDS}`);
}

/** Milliseconds. @throws UsageError */
export function budgetOption(options: Given): number | undefined {
  const given = text(options['budget']);
  if (given === undefined) return undefined;
  try {
    return milliseconds(given);
  } catch (error) {
    throw new UsageError(`--budget: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a result calls this machine. */
export const thisHost = (): string => hostname();

export const logFolder = (folder: string): string => join(folder, 'clusters');
