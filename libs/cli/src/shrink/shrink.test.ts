/** What a shrink keeps, what it takes for the same failure, and what it can be given. */
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, overlayBlocked, type Verdict } from '@faultline/checker';
import { writeBundle } from '@faultline/incident';
import { bundleOfCase, keyOf } from '@faultline/incident/plan';
import { planRun } from '@faultline/scenario/plan';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scenarioNamed } from '../workspace.ts';
import { Journal } from './journal.ts';
import { answerOf, failureOf } from './probe.ts';
import { subjectOf } from './subject.ts';

// Whole histories are judged, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const { signal } = new AbortController();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-shrink-'));
});
afterEach(() => rm(folder, { recursive: true }));

const begun = async () => {
  const subject = await subjectOf('block-vxlan', { substrate: 'bare', seed: '7' }, signal);
  return { ...subject, failure: 'sweep', tookMs: 30_000 };
};
const probe = (key: string, number: number) =>
  ({ key, number, what: 'faults', size: '1 server', answer: 'fails', why: 'fail: so' }) as const;

test('what was answered is there after a kill, but for a line that was cut off', async () => {
  const journal = new Journal(join(folder, 'one'));
  const begin = await begun();
  await journal.begin(begin);
  await journal.add(probe('a', 1), begin.whole);
  await journal.add(probe('b', 0), begin.whole);
  await appendFile(join(folder, 'one/journal.ndjson'), '{"key":"c","num');
  const again = await new Journal(join(folder, 'one')).read();
  expect(again.begun).toMatchObject({ failure: 'sweep', seed: 7 });
  expect(keyOf(again.begun.whole)).toBe(keyOf(begin.whole));
  expect([...again.known.keys()]).toEqual(['a', 'b']);
  expect(again.runs).toBe(1);
});

test('the best so far is in a file of its own', async () => {
  const journal = new Journal(join(folder, 'one'));
  const begin = await begun();
  await journal.begin(begin);
  const best = { ...begin.whole, objects: [] };
  await journal.add(probe('a', 1), best);
  expect(JSON.parse(await readFile(join(folder, 'one/best.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(best)));
});

test('nothing is begun where something was', async () => {
  const journal = new Journal(folder);
  await journal.begin(await begun());
  await expect(journal.begin(await begun())).rejects.toThrow('EEXIST');
  await expect(new Journal(join(folder, 'other')).read()).rejects.toThrow('holds no shrink');
});

const REACHED = { check: 'reachability', lost: 'none' } as const;

test('the same failure has the same name, wherever its fault stands', () => {
  const events = overlayBlocked(7);
  const plain = judge(events, [REACHED]);
  expect(plain.outcome).toBe('fail');
  expect(failureOf(plain)).toContain('reachability');
  const of = (fault: string): Verdict => ({
    ...plain,
    checks: plain.checks.map((one) => (one.outcome === 'fail' ? { ...one, check: `${one.check} (${fault})` } : one)),
  });
  expect(failureOf(of('fault-1'))).toBe(failureOf(of('fault-0')));
});

test('what passes, what is in doubt, and what fails otherwise are not the failure', () => {
  const failed = judge(overlayBlocked(7), [REACHED]);
  const failure = failureOf(failed) ?? '';
  expect(answerOf(failed, failure).answer).toBe('fails');
  expect(answerOf(failed, 'outage edge-http-new: timeout').answer).toBe('unresolved');
  expect(answerOf({ ...failed, outcome: 'inconclusive' }, failure).answer).toBe('unresolved');
  expect(answerOf({ ...failed, outcome: 'pass' }, failure).answer).toBe('passes');
});

test('a scenario is shrunk in one cell, with what it expects there', async () => {
  const { whole } = await begun();
  expect(whole.scenario.matrix).toMatchObject({
    substrate: ['bare'],
    backend: ['vxlan'],
    loadBalancer: ['keepalived'],
  });
  expect(whole.scenario.expect).toHaveLength(1);
  const checks = whole.scenario.expect[0]?.checks.map(({ check }) => check);
  expect(checks).not.toContain('nodes-ready');
});

test('a run is shrunk as it was planned: its cell, its seed, its release', async () => {
  const scenario = await scenarioNamed('block-vxlan');
  const cell = {
    substrate: 'k3s',
    backend: 'host-gw',
    loadBalancer: 'servicelb',
    controller: 'default',
    trafficPolicy: 'Cluster',
  } as const;
  const plan = planRun(scenario, { cell, seed: 11, k3s: 'v1.32.1+k3s1', app: 'app', tools: 'tools' });
  const run = join(folder, 'run');
  await mkdir(run);
  await writeFile(join(run, 'plan.json'), JSON.stringify(plan));
  const { whole, about, seed } = await subjectOf(run, {}, signal);
  expect(whole.scenario.matrix).toMatchObject({ substrate: ['k3s'], backend: ['host-gw'] });
  expect(seed).toBe(11);
  expect(about.k3s?.taken).toBe('v1.32.1+k3s1');
});

test('of a bundle its objects are shrunk too, and each case is a bundle that can be read', async () => {
  const { about } = await begun();
  const { scenario } = (await begun()).whole;
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ports: [{ port: 80 }] },
  };
  const node = (name: string, role: 'server' | 'agent') =>
    ({
      name,
      role,
      address: '198.18.0.10',
      release: 'v1.33.3+k3s1',
      ready: true,
      flags: [],
      labels: {},
      taints: [],
    }) as const;
  const nodes = [node('server-0', 'server'), node('agent-0', 'agent'), node('agent-7', 'agent')];
  const whole = bundleOfCase({ about: { ...about, nodes } }, { scenario, objects: [object] });
  const file = join(folder, 'case.tgz');
  await writeBundle(file, whole);
  const subject = await subjectOf(file, {}, signal);
  expect(subject.whole.objects).toEqual([object]);
  expect(subject.whole.scenario).toEqual(scenario);
  expect(subject.about.nodes.map(({ name }) => name)).toEqual(['server-0', 'agent-0']);
});

test('a cluster to which nothing is done cannot fail, and what would let it is said', async () => {
  const { about, whole } = await begun();
  const file = join(folder, 'plain.tgz');
  const bundle = bundleOfCase({ about }, whole);
  await writeBundle(file, { ...bundle, scenario: { ...bundle.scenario, faults: [], expect: [] } });
  await expect(subjectOf(file, {}, signal)).rejects.toThrow('--fault <scenario>');
});

test('what is neither is named, with the nearest scenario', async () => {
  await expect(subjectOf('block-vxlann', {}, signal)).rejects.toThrow('block-vxlan');
});
