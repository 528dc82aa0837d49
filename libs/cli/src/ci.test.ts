/**
 * The files by which CI runs a night. Their linters are not at hand everywhere, so what they must be is checked here; and
 * every command in them is read by the real command line, so that an option that is renamed breaks a test and no night.
 */
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GITLAB_JOBS, gitlabPipeline, githubMatrix, planNight } from '@faultline/matrix/plan';
import type { Command } from 'commander';
import { describe, expect, test, vi } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { budgetOption, faultNeeds, shardOption } from './matrix/intent.ts';
import { program } from './program.ts';
import { ROOT, scenarioNamed } from './workspace.ts';

// Nights are planned here, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const GITHUB = '.github/workflows/nightly.yml';
const GITLAB = ['docs/ci/gitlab/nightly.yml', GITLAB_JOBS];
const JOB = 'docs/ci/kubernetes/night.yaml';
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** What the variables of the scripts hold, e.g. */
const VARIABLES: Readonly<Record<string, string>> = {
  STRENGTH: '2',
  SHARDS: '4',
  BUDGET: '90m',
  SEED: '7',
  CI_PIPELINE_IID: '7',
  SHARD: '2/4',
  NAME: '2-of-4',
  shard: '2',
  night: '/nights/7/2-of-4',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_RUN_ATTEMPT: '1',
};

/** The words of each call of `faultline` in a script, as a shell would hand them over. */
function callsIn(script: string): readonly (readonly string[])[] {
  return [...script.matchAll(/npx faultline ((?:"[^"]*"|[^"\n;&|)>])*)/g)].map(([, words = '']) =>
    // What another command says stands for one word.
    words
      .replaceAll(/\$\([^)]*\)/g, '2026-11-21')
      .match(/(?:"[^"]*"|[^\s"])+/g)!
      .map((word) => word.replaceAll('"', '').replaceAll(/\$(\w+)/g, (_, name: string) => valueOf(name))),
  );
}

function valueOf(name: string): string {
  const value = VARIABLES[name];
  if (value === undefined) throw new Error(`$${name} is set by nobody`);
  return value;
}

/** The command that is meant, its options read. @throws CommanderError, Error */
function accepted(words: readonly string[]): Command {
  let command: Command = program;
  let rest = [...words];
  for (;;) {
    const next = command.commands.find((one) => one.name() === rest[0]);
    if (!next) break;
    [command, rest] = [next, rest.slice(1)];
  }
  if (command === program) throw new Error(`no command ${words.join(' ')}`);
  // What an earlier call was told is forgotten.
  for (const option of command.options) command.setOptionValue(option.attributeName(), option.defaultValue);
  const { operands, unknown } = command.parseOptions(rest);
  if (unknown.length > 0) throw new Error(`${words.join(' ')}: unknown ${unknown.join(' ')}`);
  const { registeredArguments: wanted } = command;
  const isVariadic = wanted.some(({ variadic }) => variadic);
  const least = wanted.filter(({ required }) => required).length;
  if (operands.length < least || (!isVariadic && operands.length > wanted.length))
    throw new Error(`${words.join(' ')}: ${operands.length} arguments`);
  shardOption(command.opts());
  budgetOption(command.opts());
  return command;
}

const scriptsOf = (files: readonly string[]): Promise<string> =>
  Promise.all(files.map(read)).then((all) => all.join('\n'));

test('every faultline command of CI is one that the command line takes', async () => {
  const calls = callsIn(await scriptsOf([GITHUB, ...GITLAB, JOB]));
  expect(calls.length).toBeGreaterThan(10);
  expect(new Set(calls.map((words) => accepted(words).name()))).toEqual(
    new Set(['plan', 'run', 'merge', 'report', 'doctor']),
  );
});

test.each([
  ['an option that nobody has', 'matrix run --shards 2/4', /unknown --shards/],
  ['an argument too many', 'doctor now', /1 arguments/],
  ['a command that is none', 'matrix ran', /1 arguments/],
  ['a shard beyond the last', 'matrix run --shard 5/4', /--shard "5\/4" is not allowed/],
  ['a budget without a unit', 'matrix run --budget 90', /"90" is no duration/],
])('%s would be seen', (_, words, says) => {
  expect(() => accepted(words.split(' '))).toThrow(says);
});

test('every npm script of CI exists', async () => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
  const called = [...(await scriptsOf([GITHUB, ...GITLAB, JOB])).matchAll(/npm run (\S+)/g)].map(([, name]) => name);
  expect(called.length).toBeGreaterThan(4);
  expect(called.filter((name) => !(String(name) in scripts))).toEqual([]);
});

describe('GitHub', () => {
  const step = z
    .strictObject({
      name: z.string().optional(),
      id: z.string().optional(),
      if: z.string().optional(),
      // By the commit of a tag: a tag can be moved.
      uses: z
        .string()
        .regex(/^actions\/[a-z-]+(\/[a-z]+)?@[0-9a-f]{40}$/)
        .optional(),
      run: z.string().optional(),
      with: z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])).optional(),
    })
    .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), 'a step either uses or runs');
  const job = z.strictObject({
    name: z.string().optional(),
    needs: z.union([z.string(), z.array(z.string())]).optional(),
    if: z.string().optional(),
    'runs-on': z.string(),
    'timeout-minutes': z.int().max(360),
    permissions: z.strictObject({ contents: z.literal('read') }),
    strategy: z.strictObject({ 'fail-fast': z.literal(false), matrix: z.string() }).optional(),
    outputs: z.record(z.string(), z.string()).optional(),
    env: z.record(z.string(), z.string()).optional(),
    steps: z.array(step).min(1),
  });
  const workflow = z.strictObject({
    name: z.string(),
    // Nothing that a stranger can cause.
    on: z.strictObject({
      schedule: z.array(z.strictObject({ cron: z.string().regex(/^(\S+ ){4}\S+$/) })),
      workflow_dispatch: z.object({ inputs: z.record(z.string(), z.object({ type: z.string() })) }),
    }),
    permissions: z.strictObject({}),
    concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }),
    env: z.record(z.string(), z.string()),
    jobs: z.record(z.string(), job),
  });

  test('the workflow has the shape of one, and no more rights than reading', async () => {
    const found = workflow.safeParse(parse(await read(GITHUB)));
    expect(found.error && z.prettifyError(found.error)).toBeUndefined();
  });

  test('every job needs what there is, and uses outputs that are set', async () => {
    const { jobs } = workflow.parse(parse(await read(GITHUB)));
    const needs = Object.values(jobs).flatMap((one) => one.needs ?? []);
    expect(needs.filter((name) => !(name in jobs))).toEqual([]);
    const outputs = [...(await read(GITHUB)).matchAll(/needs\.(\w+)\.outputs\.(\w+)/g)];
    expect(outputs.map(([, from, name]) => jobs[String(from)]?.outputs?.[String(name)])).not.toContain(undefined);
  });

  test('nothing from outside is pasted into a script', async () => {
    const { jobs } = workflow.parse(parse(await read(GITHUB)));
    const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
    const tagged = (await read(GITHUB)).split('\n').filter((line) => line.includes('uses:'));
    expect(tagged.filter((line) => !/# v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('the plan fills what the matrix of the workflow asks for', async () => {
    const { include } = githubMatrix(await night(), 4) as { include: readonly Record<string, unknown>[] };
    const asked = [...(await read(GITHUB)).matchAll(/matrix\.(\w+)/g)].map(([, key]) => String(key));
    const used = asked.filter((key) => key !== 'outputs');
    expect(include).toHaveLength(4);
    for (const key of new Set(used)) expect(include[0]).toHaveProperty(key);
  });
});

describe('GitLab', () => {
  test('what the plan writes extends what is there, in stages that are there', async () => {
    const jobs = parse(await read(GITLAB_JOBS)) as Record<string, { stage: string }> & { stages: readonly string[] };
    const { include, ...child } = gitlabPipeline(await night(), 3) as Record<string, { extends: string }> & {
      include: readonly { local: string }[];
    };
    expect(include.map(({ local }) => existsSync(join(ROOT, local)))).toEqual([true]);
    expect(Object.keys(child)).toEqual(['shard 1 of 3', 'shard 2 of 3', 'shard 3 of 3', 'merge']);
    for (const one of Object.values(child)) expect(jobs.stages).toContain(jobs[one.extends]?.stage);
  });

  test('the plan job hands on what the child pipeline is made of', async () => {
    const { plan, night: child } = parse(await read(GITLAB[0] ?? '')) as {
      plan: { artifacts: { paths: readonly string[] } };
      night: { trigger: { include: readonly { artifact: string; job: string }[] } };
    };
    for (const { artifact, job } of child.trigger.include) {
      expect(job).toBe('plan');
      expect(plan.artifacts.paths).toContain(artifact);
    }
  });
});

test('the Job has as many pods as shards, and gives none of them a token or a socket of its node', async () => {
  const objects = parseAllDocuments(await read(JOB)).map((one) => one.toJS() as Manifest);
  const [job] = objects.filter(({ kind }) => kind === 'Job') as [Manifest];
  const { completions, completionMode, template } = job.spec;
  expect(completionMode).toBe('Indexed');
  expect(template.spec.containers[0]?.env.find(({ name }) => name === 'SHARDS')?.value).toBe(String(completions));
  expect(template.spec.automountServiceAccountToken).toBe(false);
  expect(JSON.stringify(objects)).not.toContain('hostPath');
});

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly completions: number;
    readonly completionMode: string;
    readonly template: {
      readonly spec: {
        readonly automountServiceAccountToken: boolean;
        readonly containers: readonly { readonly env: readonly { readonly name: string; readonly value: string }[] }[];
      };
    };
  };
}

async function night() {
  const scenarios = [await scenarioNamed('block-vxlan'), await scenarioNamed('kill-the-announcing-node')];
  return planNight(scenarios, { seed: 7, strength: 2, faultNeeds });
}
