/** `faultline run <scenario>` */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { engine, labelsOf, thisProcess, type Engine } from '@faultline/control';
import { createHistory, HISTORY_VERSION, systemClock, type History } from '@faultline/history';
import { liveView, renderTerminal } from '@faultline/report';
import { run } from '@faultline/scenario';
import { cellName, chooseCell, planRun, type RunPlan, type Scenario } from '@faultline/scenario/plan';
import { EXIT, exitOf } from '../exit.ts';
import { newRunFolder } from '../folder.ts';
import { judgeFolder, writeReports } from '../judge.ts';
import { oneOf } from '../allowed.ts';
import { openInBrowser } from '../open.ts';
import { replayCommand, seedOf, text, wantedFactors, type Given } from '../options.ts';
import { ensureOwnImages } from '../own-images.ts';
import { provenance } from '../provenance.ts';
import { chooseSubstrate, wishOf } from '../substrate.ts';
import { scenarioNamed } from '../workspace.ts';

/** A run that is interrupted, or whose harness dies, may be cleaned up by anyone after this. */
const EXPIRES_MS = 2 * 3_600_000;

export async function execute([name = '']: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const scenario = await scenarioNamed(name);
  // Everything that can be refused is refused before the engine is asked for anything.
  const keep = oneOf('--keep', text(options['keep']) ?? 'never', ['never', 'failure', 'always']);
  wishOf(options);
  wantedFactors(options);
  const seed = seedOf(options);

  const docker = await engine();
  const prepared = await prepare(scenario, options, seed, docker, signal);
  const { folder, history } = prepared;
  const live = liveView(history, { stream: process.stderr, quiet: Boolean(options['json']) });
  const interrupted = await conduct(prepared, docker, keep, signal);
  live[Symbol.dispose]();
  history[Symbol.dispose]();

  const judged = await judgeFolder(folder);
  await writeReports(folder, judged);
  const page = join(folder, 'report.html');
  const opened = options['open'] ? await openInBrowser(page) : false;
  if (options['json']) {
    console.log(JSON.stringify({ folder, ...judged.verdict }, null, 2));
  } else {
    console.log(
      renderTerminal({
        ...judged,
        columns: process.stdout.columns ?? 100,
        colour: process.stdout.isTTY && !process.env['NO_COLOR'],
      }),
    );
    console.log(
      `\nreport  ${relative(process.cwd(), page)}${opened ? ' (opened)' : ''}\nagain   ${judged.verdict.command}`,
    );
  }
  return interrupted ? EXIT.interrupted : exitOf(judged.verdict.outcome);
}

interface Prepared {
  readonly plan: RunPlan;
  readonly folder: string;
  readonly history: History;
  readonly id: string;
}

/** Decides everything, writes the plan and the run's first line, and says them aloud. */
async function prepare(
  scenario: Scenario,
  options: Given,
  seed: number,
  docker: Engine,
  signal: AbortSignal,
): Promise<Prepared> {
  const possible = [...new Set(scenario.matrix.substrate)];
  const choice = await chooseSubstrate(wishOf(options), possible, docker, signal);
  const cell = chooseCell(scenario, { ...wantedFactors(options), substrate: choice.substrate });
  const { tools, userlist } = await ensureOwnImages(docker, signal);
  const plan = planRun(scenario, {
    cell,
    seed,
    tools,
    app: text(options['app']) ?? userlist,
    k3s: choice.k3s,
    subnet: text(options['subnet']),
  });
  const from = await provenance(docker, signal);
  const versions = { ...from.versions, ...(choice.k3s && { k3s: choice.k3s }) };
  const command = replayCommand(scenario.name, cell, seed, options, choice.k3s);

  const id = randomBytes(4).toString('hex');
  const folder = await newRunFolder(scenario.name, cellName(cell), systemClock.wall());
  await writeFile(join(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  const history = createHistory(join(folder, 'history.ndjson'));
  history.append({
    type: 'run.begin',
    version: HISTORY_VERSION,
    run: id,
    scenario: scenario.name,
    cell: { ...cell },
    substrate: cell.substrate,
    substrateReason: choice.reason,
    seed,
    command,
    commit: from.commit,
    dirty: from.dirty,
    versions,
  });
  const named = Object.entries(versions)
    .map(([what, version]) => `${what} ${version}`)
    .join(', ');
  console.error(
    `faultline ${from.commit ?? 'without git'}${from.dirty ? ' (dirty)' : ''}; ${scenario.name} on ${cell.substrate} (${choice.reason}), ` +
      `${cell.backend}, ${cell.loadBalancer}; seed ${seed}; ${named}; again: ${command}`,
  );
  return { plan, folder, history, id };
}

/**
 * Runs the plan and writes how it ended.
 * @returns whether it was interrupted; any other failure stands in the history, and the verdict says so.
 */
async function conduct(
  { plan, folder, history, id }: Prepared,
  docker: Engine,
  keep: string,
  signal: AbortSignal,
): Promise<boolean> {
  const labels = labelsOf(id, thisProcess(), { expires: Date.parse(history.clock.wall()) + EXPIRES_MS });
  const shallKeep = async () =>
    keep === 'always' || (keep === 'failure' && (await judgeFolder(folder)).verdict.outcome !== 'pass');
  try {
    await run(plan, { engine: docker, history, signal, run: id, folder, labels, keep: shallKeep });
    history.append({ type: 'run.end', outcome: 'completed' });
    return false;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    history.append({ type: 'run.end', outcome: signal.aborted ? 'interrupted' : 'failed', error: reason });
    console.error(`faultline: ${reason}`);
    return signal.aborted;
  }
}
