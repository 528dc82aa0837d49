/** `faultline matrix` as a user runs it, as far as it needs no engine. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNight, keepResult, skippedResult, type Circumstances } from '@faultline/matrix';
import { planNight, RESULT_VERSION, rowsOf, shardOf, type NightPlan, type Result } from '@faultline/matrix/plan';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { scenarioNamed } from '../workspace.ts';
import { faultNeeds } from './intent.ts';

// Each starts a process, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const FAULTLINE = join(import.meta.dirname, '../../bin/faultline.js');
const FEW = ['--scenario', 'block-vxlan', 'kill-the-announcing-node', '--substrate', 'bare', '--seed', '5'];
const matrix = (...words: readonly string[]) =>
  execa(process.execPath, [FAULTLINE, 'matrix', ...words], { reject: false });

let root = '';
let plan: NightPlan;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-matrix-'));
  const scenarios = await Promise.all(['block-vxlan', 'kill-the-announcing-node'].map(scenarioNamed));
  plan = planNight(scenarios, { seed: 5, strength: 2, faultNeeds, substrates: ['bare'] });
});
afterAll(() => rm(root, { recursive: true }));

test('the same seed gives the same plan, and a plan in a file is that plan', async () => {
  const [one, other] = await Promise.all([
    matrix('plan', ...FEW, '--json'),
    matrix('plan', ...FEW, '--format', 'json'),
  ]);
  expect(one.stdout).toBe(other.stdout);
  const file = join(root, 'plan.json');
  await writeFile(file, one.stdout);
  const again = await matrix('plan', '--plan', file, '--json');
  expect(again.stdout).toBe(one.stdout);
});

test('the plan says what it covers, on which clusters, and what no cell has', async () => {
  const { stdout, exitCode } = await matrix('plan', ...FEW, '--budget', '2m');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\d+ valid cells have \d+ pairs: \d+ rows hold them all, seed 5/);
  expect(stdout).toContain('cluster-001, about');
  expect(stdout).toContain("kill-the-announcing-node/bare-vxlan-keepalived  (the kernel's share");
  expect(stdout).toContain('ipFamily dual: clusters are planned with IPv4 addresses alone');
  expect(stdout).toMatch(/no time for \(\d+\)/);
});

test('what is lacking is a skip with its name', async () => {
  const { stdout } = await matrix('plan', ...FEW, '--lacking', 'vxlan');
  expect(stdout).toMatch(/skipped \(\d+\)\n +\S+: vxlan/);
});

test.each([
  [['run', '--shard', '5/4'], /--shard "5\/4" is not allowed. Allowed: i\/n/],
  [['run', '--budget', '90'], /--budget: "90" is no duration/],
  [['run', '--resume', '/nowhere'], /\/nowhere holds no plan.json/],
  [['run', '--resume', '/nowhere', '--plan', 'x'], /one of --resume and --plan/],
  [['plan', '--strength', '4'], /--strength "4" is not allowed. Allowed: a whole number from 2 to 3/],
  [['plan', '--scenario', 'block-vxlam'], /Did you mean block-vxlan\?/],
  [['plan', '--plan', '/nowhere.json'], /\/nowhere.json holds no plan.json/],
  [['plan', '--durations', '/nowhere'], /--durations \/nowhere: no folder/],
  [['plan', '--scenario', 'kill-one-pod', '--substrate', 'bare'], /no cell is left/],
  [['merge', '/nowhere'], /\/nowhere holds no plan.json/],
])('%j is refused by name, before an engine is asked for anything', async (words, says) => {
  const { stderr, exitCode } = await matrix(...words);
  expect(stderr).toMatch(says);
  expect(exitCode).toBe(64);
});

test('shards are merged, with a summary and a test report, and the exit code says what came of it', async () => {
  const shards = await Promise.all([1, 2].map((index) => shardFolder(index)));
  const [merged, required] = [join(root, 'merged'), join(root, 'required')];
  const { exitCode, stdout } = await matrix('merge', ...shards, '--out', merged);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('## Night: pass');
  expect(await readFile(join(merged, 'summary.md'), 'utf8')).toContain('| netem | 1 | the kernel has none |');
  expect(await readFile(join(merged, 'junit.xml'), 'utf8')).toContain(`tests="${plan.rows.length}" failures="0"`);
  const strict = await matrix('merge', ...shards, '--out', required, '--require', 'netem', '--json');
  expect(strict.exitCode).toBe(1);
  expect(JSON.parse(strict.stdout)).toMatchObject({ outcome: 'fail' });
});

/** The first row of the second shard was skipped, the others passed. */
async function shardFolder(index: number): Promise<string> {
  const shard = { index, of: 2 };
  const folder = join(root, `${index}-of-2`);
  await createNight(folder, plan, shard);
  const rows = shardOf(plan, shard).flatMap((group) => rowsOf(plan, group));
  for (const [at, row] of rows.entries()) {
    const where: Circumstances = { started: 0, durationMs: 1, host: 'here', commit: null, folder: null };
    const skip = { because: 'capability', capability: 'netem' } as const;
    const skipped = skippedResult(row, { skip, reason: 'the kernel has none' }, where);
    const passed: Result = { ...skipped, version: RESULT_VERSION, verdict: 'pass', skip: null };
    await keepResult(folder, index === 2 && at === 0 ? skipped : passed);
  }
  return folder;
}
