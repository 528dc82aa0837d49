/**
 * `faultline shrink` on real runs: two faults, of which one is to blame, on machines of which most are not needed. On bare; not seen to
 * pass yet: the machine that stood still was not steady again when the second fault came.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { writeBundle } from '@faultline/incident';
import { aboutOf, type Bundle } from '@faultline/incident/plan';
import { agent, type Scenario } from '@faultline/scenario/plan';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAULTLINE } from '../conduct.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-shrink-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Pods of two nodes do not reach each other while the overlay is blocked; the machine that stood still before is not to blame. */
const bundle: Bundle = {
  about: aboutOf({
    made: '2026-11-22T02:00:00.000Z',
    by: { commit: null, dirty: false },
    from: 'run',
    k3s: null,
    settings: {},
    seed: 7,
    ran: null,
    nodes: [],
    seen: [],
    leftOut: [],
    notes: [],
  }),
  scenario: {
    name: 'two-things-went-wrong',
    why: 'Two things went wrong, and one of them was it.',
    topology: { servers: 1, agents: 2 },
    matrix: { substrate: ['bare'], backend: ['vxlan'], loadBalancer: ['keepalived'] },
    // Two on each node: the matrix of pods needs them.
    workload: { replicas: 6 },
    watch: ['edge', 'pods'],
    faults: [
      { kind: 'node-pause', target: agent(0), after: '1s', jitter: '0ms', lasting: '2s' },
      {
        kind: 'block-port',
        parameters: { protocol: 'udp', port: 8472 },
        target: agent(1),
        // A machine that stood still takes some 10 s until all is steady again.
        after: '15s',
        lasting: '5s',
      },
    ],
    expect: [{ checks: [{ check: 'reachability', lost: 'none', fault: 'fault-1' }] }],
  },
  objects: [],
  events: [],
};

test('a run with two faults becomes one with the fault that is to blame, and what is left still fails', async ({
  signal,
}) => {
  const file = join(folder, 'bundle.tgz');
  await writeBundle(file, bundle);
  const out = join(folder, 'shrink');
  const words = ['shrink', file, '--budget', '12m', '--out', out, '--json'];
  const { stdout, stderr } = await execa(process.execPath, [FAULTLINE, ...words], {
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 60_000,
    env: { CI: 'true' },
  });
  const { smallest, failure } = JSON.parse(stdout) as { smallest: { scenario: Scenario }; failure: string };
  expect(failure, stderr).toContain('reachability');
  expect(smallest.scenario.faults.map(({ kind }) => kind)).toEqual(['block-port']);
  expect(smallest.scenario.topology).toEqual({ servers: 1, agents: 1 });
  // What is kept is what was found, answer by answer.
  const journal = (await readFile(join(out, 'journal.ndjson'), 'utf8')).trim().split('\n');
  expect(journal.length).toBeGreaterThan(3);
  expect(JSON.parse(await readFile(join(out, 'best.json'), 'utf8'))).toEqual(smallest);
});
