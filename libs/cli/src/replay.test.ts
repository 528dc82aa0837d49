import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, overlayBlocked, type Verdict } from '@faultline/checker';
import { createHistory, type RunEvent } from '@faultline/history';
import { readBundle } from '@faultline/incident';
import { aboutOf, planReplay, type Bundle } from '@faultline/incident/plan';
import { planRun, type Scenario } from '@faultline/scenario/plan';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { execute } from './command/replay.ts';
import { reportFolder } from './judge.ts';
import { isUnreadable } from './refusal.ts';
import { CAPTURED } from './replay-report.ts';
import { leaveBundle } from './run-bundle.ts';
import { scenarioNamed } from './workspace.ts';

const { signal } = new AbortController();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

const images = { tools: 'faultline/tools:1', app: 'faultline/userlist:1' };
const from = { commit: '9f26bf7a1b2c', dirty: false };

function failed(scenario: Scenario) {
  const cell = {
    substrate: 'bare',
    backend: 'vxlan',
    loadBalancer: 'keepalived',
    controller: 'default',
    trafficPolicy: 'Cluster',
  } as const;
  const plan = planRun(scenario, { cell, seed: 4_711, ...images });
  const verdict = { ...judge(overlayBlocked(1), plan.expectations), outcome: 'fail' } as Verdict;
  return { plan, verdict };
}

test('a run that failed leaves a bundle, from which the same plan is made again', async () => {
  const scenario = await scenarioNamed('kill-the-announcing-node');
  const { plan, verdict } = failed(scenario);
  const command = await leaveBundle(scenario, { folder, verdict, plan, from });
  expect(command).toMatch(/^faultline replay .*bundle\.tgz$/);
  const bundle = await readBundle(join(folder, 'bundle.tgz'), { signal });
  expect(bundle.about).toMatchObject({ from: 'run', seed: 4_711, ran: { outcome: 'fail' } });
  expect(planReplay(bundle, { seed: bundle.about.seed ?? 0, ...images })).toEqual(plan);
});

test('one that passed leaves none, and one with a CNI of its own says why not', async () => {
  const scenario = await scenarioNamed('kill-the-announcing-node');
  const { plan, verdict } = failed(scenario);
  expect(await leaveBundle(scenario, { folder, verdict: { ...verdict, outcome: 'pass' }, plan, from })).toBeUndefined();
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const spec = { ...plan.cluster.spec, cni: { name: 'calico.yaml', manifest: 'kind: Secret' } };
  const own = { ...plan, cluster: { ...plan.cluster, spec } };
  expect(await leaveBundle(scenario, { folder, verdict, plan: own, from })).toBeUndefined();
  expect(said).toHaveBeenCalledWith(expect.stringContaining('CNI'));
  said.mockRestore();
});

const bundle: Bundle = {
  about: aboutOf({
    made: '2026-11-22T01:30:00.000Z',
    by: from,
    from: 'cluster',
    k3s: { seen: 'v1.33.3+k3s1', taken: 'v1.33.3+k3s1' },
    settings: {},
    seed: null,
    ran: null,
    nodes: [],
    seen: [{ what: 'Endpoints shop/web', saw: '2 of 2 ready' }],
    leftOut: [],
    notes: [],
  }),
  scenario: {
    name: 'captured',
    why: 'A captured cluster.',
    topology: { servers: 1, agents: 1 },
    matrix: { substrate: ['k3s'], backend: ['vxlan'], loadBalancer: ['servicelb'] },
    workload: { replicas: 3 },
    watch: ['edge'],
    faults: [],
    expect: [],
  },
  objects: [],
  events: [],
};

async function replayed(now: string): Promise<Verdict> {
  const plan = planReplay(bundle, { seed: 7, ...images });
  await writeFile(join(folder, CAPTURED), JSON.stringify(bundle.about));
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  const history = createHistory(join(folder, 'history.ndjson'));
  const events: readonly RunEvent[] = [
    { type: 'replay.compared', what: 'Endpoints shop/web', captured: '2 of 2 ready', now },
    { type: 'replay.asked', route: 'Ingress shop/web', request: 'GET http://<b>.test/', status: 503, error: '' },
    { type: 'run.end', outcome: 'completed' },
  ];
  for (const event of events) history.append(event);
  history[Symbol.dispose]();
  return (await reportFolder(folder)).verdict;
}

test('a replay is reported as a run is: with what was captured beside what is there now', async () => {
  expect(await replayed('2 of 2 ready')).toMatchObject({
    outcome: 'pass',
    reason: '1 things are as they were captured',
  });
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  expect(page).toContain('Beside what was captured');
  expect(page).toContain('503');
  expect(page).not.toContain('<b>.test');
});

test('what differs fails, by its name', async () => {
  const { outcome, reason } = await replayed('1 of 2 ready');
  expect([outcome, reason]).toEqual(['fail', 'Endpoints shop/web: 2 of 2 ready, now 1 of 2 ready']);
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('## Replay: differs');
});

test('what is no bundle is refused before the engine is asked for anything: exit code 65', async () => {
  const path = join(folder, 'x.tgz');
  await writeFile(path, 'hello');
  const error: unknown = await execute([path], {}, signal).catch((cause: unknown) => cause);
  expect(isUnreadable(error)).toBe(true);
});
