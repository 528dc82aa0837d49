/** `faultline replay <bundle>`: what was captured, or failed, is run again, and held against what was seen then. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { engine, labelsOf, thisProcess, type Engine } from '@faultline/control';
import { systemClock } from '@faultline/history';
import { readBundle, replay } from '@faultline/incident';
import { disturbanceOf, disturbed, isSame, planReplay, type Bundle } from '@faultline/incident/plan';
import { liveView } from '@faultline/report';
import type { RunPlan } from '@faultline/scenario/plan';
import { oneOf } from '../allowed.ts';
import { conclude } from '../conclude.ts';
import { EXIT, exitOf } from '../exit.ts';
import { newRunFolder } from '../folder.ts';
import { announce, nameOf, openRun, type Intent } from '../intent.ts';
import { openInBrowser } from '../open.ts';
import { seedOf, text, type Given } from '../options.ts';
import { intendReplay } from '../replay-intent.ts';
import { CAPTURED, reportReplay, type JudgedReplay } from '../replay-report.ts';
import { leaveBundle } from '../run-bundle.ts';
import { scenarioNamed } from '../workspace.ts';

const EXPIRES_MS = 2 * 3_600_000;

export async function execute([path = '']: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const keep = oneOf('--keep', text(options['keep']) ?? 'never', ['never', 'always']);
  const fault = text(options['fault']);
  const captured = await readBundle(resolve(path), { signal });
  const bundle = fault === undefined ? captured : disturbed(captured, disturbanceOf(await scenarioNamed(fault)));
  const given = seedOf(options);
  const seed = options['seed'] === undefined ? (bundle.about.seed ?? given) : given;
  // Everything that can be refused is refused before the engine is asked for anything.
  planReplay(bundle, { seed, tools: 'none', app: 'none', subnet: text(options['subnet']) });

  const docker = await engine();
  const command = commandOf(path, seed, options);
  const intent = await intendReplay(bundle, { command, seed, docker, subnet: text(options['subnet']), signal });
  announce(intent, seed);
  const { tools, app } = intent.plan;
  const plan = planReplay(bundle, { seed, tools, app, subnet: intent.plan.subnet });
  const folder = await newRunFolder(bundle.scenario.name, nameOf(intent), systemClock.wall());
  await writeFile(join(folder, CAPTURED), `${JSON.stringify(bundle.about, null, 2)}\n`);
  const interrupted = await conduct({ bundle, plan, intent, folder }, { docker, keep, signal, options });
  const judged = await reportReplay(folder);
  const again = await leaveBundle(intent.scenario, { folder, ...judged, plan, from: intent.from, bundle });
  await tell(judged, { folder, command, again, options });
  return interrupted ? EXIT.interrupted : exitOfReplay(judged);
}

interface Prepared {
  readonly bundle: Bundle;
  readonly plan: RunPlan;
  readonly intent: Intent;
  readonly folder: string;
}

interface How {
  readonly docker: Engine;
  readonly keep: string;
  readonly signal: AbortSignal;
  readonly options: Given;
}

/** @returns whether it was interrupted. */
async function conduct({ bundle, plan, intent, folder }: Prepared, how: How): Promise<boolean> {
  const { docker, keep, signal, options } = how;
  const run = randomBytes(4).toString('hex');
  using history = await openRun(intent, plan, { folder, run });
  using _live = liveView(history, { stream: process.stderr, quiet: Boolean(options['json']) });
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(history.clock.wall()) + EXPIRES_MS });
  const shallKeep = async () => keep === 'always';
  return await conclude({ history, signal }, () =>
    replay(bundle, plan, { engine: docker, history, signal, run, folder, labels, keep: shallKeep }),
  );
}

function commandOf(path: string, seed: number, options: Given): string {
  const words = ['npx faultline replay', path];
  for (const name of ['fault', 'subnet']) {
    const value = text(options[name]);
    if (value !== undefined) words.push(`--${name}`, value);
  }
  return [...words, '--seed', String(seed)].join(' ');
}

interface Told {
  readonly folder: string;
  readonly command: string;
  readonly again: string | undefined;
  readonly options: Given;
}

async function tell({ replay: seen, verdict }: JudgedReplay, { folder, command, again, options }: Told): Promise<void> {
  const page = join(folder, 'report.html');
  const opened = options['open'] ? await openInBrowser(page) : false;
  if (options['json']) {
    console.log(JSON.stringify({ folder, ...seen, verdict: verdict.outcome }, null, 2));
    return;
  }
  const { outcome, reason, compared, asked, ran } = seen;
  console.log(`${outcome.toUpperCase()}: ${reason}`);
  for (const one of compared.filter((each) => !isSame(each)))
    console.log(`  ${one.what}: ${one.captured}, now ${one.now ?? 'not there'}`);
  for (const { route, request, status, error } of asked)
    console.log(`  ${route}: ${request}: ${status === 0 ? `no answer: ${error}` : status}`);
  if (ran.now) console.log(`  the run: ${ran.now.outcome}: ${ran.now.reason}`);
  console.log(`report  ${relative(process.cwd(), page)}${opened ? ' (opened)' : ''}\nagain   ${again ?? command}`);
}

/** Of what was done to a cluster for the first time there is nothing to be the same as: then its own outcome counts. */
function exitOfReplay({ replay: { outcome, ran }, verdict }: JudgedReplay): number {
  if (outcome !== 'same') return outcome === 'differs' ? EXIT.fail : EXIT.inconclusive;
  return ran.now && !ran.captured ? exitOf(verdict.outcome) : EXIT.pass;
}
