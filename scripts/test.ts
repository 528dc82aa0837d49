/**
 * `npm test`: everything there is, cheapest first, stopping at the first step that fails.
 *
 * Where no container engine can be had, the end-to-end tests are skipped, each by name; everything else still runs.
 * The last line is always `N passed, N failed, N skipped`. Some steps only: `npm test -- unit bare`. One is run only when it is
 * named, because it takes hours: `npm test -- track-record`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { install, isInstalled } from './apt.ts';
import { failed, isGood, nothing, passed, sum, summary, type Skip, type Tally } from './test/tally.ts';

interface Step {
  readonly name: string;
  readonly run: () => Promise<Tally>;
}

const root = join(import.meta.dirname, '..');
// node_modules/.bin holds the pinned Node and the tools, whatever else is on the PATH.
const inherit = $({ cwd: root, preferLocal: root, stdio: 'inherit', nothrow: true, quiet: true });

/** Why the end-to-end tests cannot run, once that is known. */
let noEngine: string | undefined;

const steps: readonly Step[] = [
  { name: 'engine', run: engine },
  { name: 'images', run: images },
  { name: 'browser', run: browser },
  ...['tidy', 'boundaries', 'typecheck', 'lint'].map((target) => ({ name: target, run: () => check(target) })),
  { name: 'unit', run: () => tests('unit') },
  { name: 'bare', run: () => endToEnd('bare') },
  { name: 'k3s', run: () => endToEnd('k3s') },
];

/** Only where it is named: it takes hours. */
const trackRecord: Step = { name: 'track-record', run: () => endToEnd('track-record') };

async function engine(): Promise<Tally> {
  const found = await $({ cwd: root, preferLocal: root, nothrow: true, verbose: true })`node scripts/engine.ts`;
  if (found.exitCode !== 0) noEngine = found.stderr.split('\n')[0] ?? 'no container engine';
  return nothing;
}

async function images(): Promise<Tally> {
  if (noEngine !== undefined) return nothing;
  return (await inherit`node scripts/images.ts`).exitCode === 0 ? nothing : failed('images');
}

/** Reports are opened in a browser as readers do. Its tests skip themselves where there is none. */
async function browser(): Promise<Tally> {
  const found = await Promise.all(['chromium', 'google-chrome'].map(isInstalled));
  const canInstall = process.getuid?.() === 0 && (await isInstalled('apt-get'));
  if (!found.includes(true) && canInstall) {
    await install('reports are tested in a browser', ['chromium']).catch((error: unknown) =>
      console.log(String(error)),
    );
  }
  return nothing;
}

/** Nx knows whether anything changed since the same check passed: it hashes every file, the lock file and Node's version. */
async function check(target: string): Promise<Tally> {
  const nx = inherit({ env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' } });
  return (await nx`nx run faultline:${target} --output-style=stream-without-prefixes`).exitCode === 0
    ? passed
    : failed(target);
}

async function tests(project: string): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-test-'));
  const file = join(folder, 'tally.json');
  try {
    const vitest = inherit({ env: { ...process.env, FAULTLINE_TALLY: file } });
    const { exitCode } =
      await vitest`vitest run --project ${project} --reporter=default --reporter=./scripts/test/tally-reporter.ts`;
    const tally = await readFile(file, 'utf8').then(
      (text) => JSON.parse(text) as Tally,
      () => nothing,
    );
    // It may have failed for another reason than a test: no file found, a worker that died.
    return exitCode !== 0 && tally.failed.length === 0 ? sum([tally, failed(`vitest --project ${project}`)]) : tally;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function endToEnd(project: string): Promise<Tally> {
  if (noEngine === undefined) return tests(project);
  const listed = await $({ cwd: root, preferLocal: root, quiet: true })`vitest list --project ${project} --json`;
  const reason = noEngine;
  const skipped = (JSON.parse(listed.stdout) as { name: string; file: string }[]).map(({ name, file }): Skip => ({
    name: `${file.replace(`${root}/`, '')} > ${name}`,
    reason,
  }));
  return { ...nothing, skipped };
}

/** The steps named on the command line (`npm test -- unit lint`); all of them where none is named. */
function chosen(names: readonly string[]): readonly Step[] {
  const all = [...steps, trackRecord];
  const unknown = names.find((name) => !all.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw new Error(`no step is called ${unknown}; there are: ${all.map(({ name }) => name).join(', ')}`);
  }
  return names.length === 0 ? steps : all.filter(({ name }) => names.includes(name));
}

async function runAll(): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const { name, run } of chosen(process.argv.slice(2))) {
    console.log(`\n== ${name}`);
    const started = performance.now();
    const tally = await run();
    console.log(`== ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    tallies.push(tally);
    if (tally.failed.length > 0) break;
  }
  return sum(tallies);
}

try {
  const total = await runAll();
  console.log(`\n${summary(total)}`);
  process.exitCode = isGood(total) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
