/** What a command line means: scenario, cell, settings, substrate, images. Everything that can be refused is refused here. */
import type { Engine } from '@faultline/control';
import { createHistory, HISTORY_VERSION, type History } from '@faultline/history';
import { loadBalancers, type Settings } from '@faultline/cluster/plan';
import {
  cellName,
  chooseCell,
  faultId,
  fittingCells,
  planFaults,
  type PlanOptions,
  type RunPlan,
  type Scenario,
  type ScenarioCell,
} from '@faultline/scenario/plan';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { needsOfFaults } from './capability.ts';
import { skipWhereLacking } from './lacking.ts';
import { notingSkip } from './skip.ts';
import { cniOf, replayCommand, settingsOf, text, wantedFactors, type Given } from './options.ts';
import { ensureOwnImages } from './own-images.ts';
import { provenance, type Provenance } from './provenance.ts';
import { chooseSubstrate, wishOf, type Choice } from './substrate.ts';

export interface Intent {
  readonly scenario: Scenario;
  readonly cell: ScenarioCell;
  readonly settings: Settings;
  readonly choice: Choice;
  readonly plan: PlanOptions;
  readonly from: Provenance;
  readonly versions: Readonly<Record<string, string>>;
  /** The exact command that repeats it. */
  readonly command: string;
}

/** Refuses what needs no engine to be refused. @throws UsageError, NoSuchCellError, UnknownReleaseError, FaultPlanError */
export function checkOptions(scenario: Scenario, options: Given): void {
  const { substrate } = wishOf(options);
  const cell = chooseCell(scenario, { ...wantedFactors(options), ...(substrate !== 'auto' && { substrate }) });
  planFaults(scenario, { cell, settings: settingsOf(options), random: () => 0 });
}

const identified = ({ faults }: Scenario) => faults.map(({ kind }, index) => ({ id: faultId(index), kind }));

export async function intend(
  scenario: Scenario,
  options: Given,
  seed: number,
  docker: Engine,
  signal: AbortSignal,
): Promise<Intent> {
  const wanted = wantedFactors(options);
  const possible = [...new Set(fittingCells(scenario, wanted).map(({ substrate }) => substrate))];
  const choice = await chooseSubstrate(wishOf(options), possible, docker, signal);
  const cell = chooseCell(scenario, { ...wanted, substrate: choice.substrate });
  const { tools, userlist } = await ensureOwnImages(docker, signal);
  const needs = needsOfFaults(identified(scenario));
  await notingSkip(scenario.name, cell, skipWhereLacking(docker, cell, { signal, tools, needs }));
  const from = await provenance(docker, signal);
  const settings = settingsOf(options);
  return {
    scenario,
    cell,
    settings,
    choice,
    plan: {
      cell,
      seed,
      tools,
      settings,
      app: text(options['app']) ?? userlist,
      k3s: choice.k3s,
      cni: cniOf(options),
      subnet: text(options['subnet']),
    },
    from,
    versions: { ...from.versions, ...(choice.k3s && { k3s: choice.k3s }) },
    command: replayCommand(scenario.name, cell, seed, options, choice.k3s),
  };
}

/** The cell with what else was asked for: what folders and tables are called by. */
export const nameOf = ({ cell, settings }: Pick<Intent, 'cell' | 'settings'>): string =>
  [cellName(cell), ...Object.entries(settings).map(([key, value]) => `${key}-${value}`)]
    .join('-')
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-');

/** `kube-vip-arp 5/3/1`: what a table calls the load balancer. */
export function labelOf({ cell, settings }: Pick<Intent, 'cell' | 'settings'>): string {
  const known = loadBalancers[cell.loadBalancer].settings;
  const said = Object.entries(settings).map(([key, value]) =>
    known[key]?.type === 'choice' ? String(value) : `${key}=${value}`,
  );
  return [cell.loadBalancer, ...said].join(' ');
}

/** Writes the plan and the run's first line. */
export async function openRun(
  intent: Intent,
  plan: RunPlan,
  place: { readonly folder: string; readonly run: string; readonly set?: string },
): Promise<History> {
  const { folder, run, set } = place;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  const history = createHistory(join(folder, 'history.ndjson'));
  const { cell, choice, from, settings } = intent;
  history.append({
    type: 'run.begin',
    version: HISTORY_VERSION,
    run,
    scenario: plan.scenario,
    cell: { ...cell, ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, String(value)])) },
    substrate: cell.substrate,
    substrateReason: choice.reason,
    seed: plan.seed,
    command: intent.command,
    commit: from.commit,
    dirty: from.dirty,
    versions: intent.versions,
    ...(plan.repeat && set !== undefined && { repeat: { set, ...plan.repeat } }),
  });
  return history;
}

/** The first line of every run, aloud. */
export function announce({ cell, choice, from, versions, command, scenario }: Intent, seed: number): void {
  const named = Object.entries(versions)
    .map(([what, version]) => `${what} ${version}`)
    .join(', ');
  console.error(
    `faultline ${from.commit ?? 'without git'}${from.dirty ? ' (dirty)' : ''}; ${scenario.name} on ${cell.substrate} (${choice.reason}), ` +
      `${cellName(cell).replace(`${cell.substrate}-`, '')}; seed ${seed}; ${named}; again: ${command}`,
  );
}
