/** `faultline run <scenario>` */
import { randomBytes } from 'node:crypto';
import { join, relative } from 'node:path';
import type { Outcome } from '@faultline/checker';
import { engine, labelsOf, thisProcess, type Engine } from '@faultline/control';
import { systemClock, type History } from '@faultline/history';
import { liveView, renderTerminal } from '@faultline/report';
import { run } from '@faultline/scenario';
import { planRun, type RunPlan } from '@faultline/scenario/plan';
import { oneOf, wholeNumber } from '../allowed.ts';
import { conclude } from '../conclude.ts';
import { EXIT, exitOf } from '../exit.ts';
import { newRunFolder } from '../folder.ts';
import { announce, checkOptions, intend, nameOf, openRun, type Intent } from '../intent.ts';
import { judgeFolder, reportFolder } from '../judge.ts';
import { openInBrowser } from '../open.ts';
import { MOST_REPEATS, seedOf, text, type Given } from '../options.ts';
import { leaveBundle } from '../run-bundle.ts';
import { scenarioNamed } from '../workspace.ts';

/** A run that is interrupted, or whose harness dies, may be cleaned up by anyone after this. */
const EXPIRES_MS = 2 * 3_600_000;

export async function execute([name = '']: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const scenario = await scenarioNamed(name);
  // Everything that can be refused is refused before the engine is asked for anything.
  const keep = oneOf('--keep', text(options['keep']) ?? 'never', ['never', 'failure', 'always']);
  const repeat = wholeNumber('--repeat', text(options['repeat']) ?? '1', { min: 1, max: MOST_REPEATS });
  checkOptions(scenario, options);
  const seed = seedOf(options);

  const docker = await engine();
  const intent = await intend(scenario, options, seed, docker, signal);
  announce(intent, seed);
  const capture = Boolean(options['capture']);
  if (repeat > 1) {
    const { conductSet, exitOfSet } = await import('../set.ts');
    return exitOfSet(await conductSet(intent, { count: repeat, capture, docker, options, signal }), options);
  }

  const plan = planRun(scenario, intent.plan);
  const id = randomBytes(4).toString('hex');
  const folder = await newRunFolder(scenario.name, nameOf(intent), systemClock.wall());
  const history = await openRun(intent, plan, { folder, run: id });
  const live = liveView(history, { stream: process.stderr, quiet: Boolean(options['json']) });
  const interrupted = await conduct({ plan, folder, history, id }, { docker, keep, capture, signal });
  live[Symbol.dispose]();
  history[Symbol.dispose]();
  const outcome = await tell(intent, plan, folder, options);
  return interrupted ? EXIT.interrupted : exitOf(outcome);
}

/** Judges, writes the reports, and says what came of it. */
async function tell(intent: Intent, plan: RunPlan, folder: string, options: Given): Promise<Outcome> {
  const judged = await reportFolder(folder);
  const replay = await leaveBundle(intent.scenario, { folder, ...judged, plan, from: intent.from });
  const page = join(folder, 'report.html');
  const opened = options['open'] ? await openInBrowser(page) : false;
  const { outcome, command } = judged.verdict;
  if (options['json']) {
    console.log(JSON.stringify({ folder, ...judged.verdict }, null, 2));
    return outcome;
  }
  const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
  console.log(renderTerminal({ ...judged, columns: process.stdout.columns ?? 100, colour }));
  const where = `${relative(process.cwd(), page)}${opened ? ' (opened)' : ''}`;
  console.log(`\nreport  ${where}\nagain   ${replay ?? command}`);
  return outcome;
}

interface Prepared {
  readonly plan: RunPlan;
  readonly folder: string;
  readonly history: History;
  readonly id: string;
}

interface How {
  readonly docker: Engine;
  readonly keep: string;
  readonly capture: boolean;
  readonly signal: AbortSignal;
}

/** Runs the plan. @returns whether it was interrupted. */
async function conduct(
  { plan, folder, history, id }: Prepared,
  { docker, keep, capture, signal }: How,
): Promise<boolean> {
  const labels = labelsOf(id, thisProcess(), { expires: Date.parse(history.clock.wall()) + EXPIRES_MS });
  const shallKeep = async () =>
    keep === 'always' || (keep === 'failure' && (await judgeFolder(folder)).verdict.outcome !== 'pass');
  return conclude({ history, signal }, () =>
    run(plan, { engine: docker, history, signal, run: id, folder, labels, capture, keep: shallKeep }),
  );
}
