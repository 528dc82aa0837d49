import { agent, announcer, defineScenario, seeded, server, type Scenario } from '@faultline/scenario/plan';
import type { KubeObject } from '@faultline/traefik';
import { beforeEach, expect, test, vi } from 'vitest';
import { inCell, keyOf, refusalOf, withFaults, type ShrinkCase } from './case.ts';
import { shrink, type Probe, type Probed, type ShrinkOptions } from './shrink.ts';

// Hundreds of cases are planned, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const object = (kind: string, name: string): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop' },
});

/** 12 objects of which two matter: what made the outage of that night was a policy, and the overlay that was gone. */
const OBJECTS: readonly KubeObject[] = [
  object('Namespace', 'shop'),
  ...['web', 'cart', 'mail', 'search'].flatMap((name) => [object('Deployment', name), object('Service', name)]),
  object('NetworkPolicy', 'default-deny'),
  object('Ingress', 'web'),
  object('Ingress', 'cart'),
];

const SCENARIO: Scenario = defineScenario({
  name: 'that-night',
  why: 'Three things went wrong, and one of them was it.',
  topology: { servers: 3, agents: 3 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan'],
    loadBalancer: ['metallb-l2'],
    controller: ['daemonset'],
    trafficPolicy: ['Local'],
  },
  workload: { replicas: 9 },
  watch: ['edge', 'others', 'pods', 'api'],
  faults: [
    { kind: 'node-pause', target: announcer(), after: '5s', lasting: '20s' },
    {
      kind: 'block-port',
      parameters: { protocol: 'udp', port: 8472 },
      target: agent(2),
      after: '60s',
      lasting: '60s',
    },
    { kind: 'k3s-kill', target: server(1), after: '150s', lasting: '30s' },
  ],
  expect: [
    {
      checks: [
        { check: 'nodes-ready', butTarget: true },
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0, fault: 'fault-1' },
        { check: 'owner', is: 'same', fault: 'fault-2' },
      ],
    },
  ],
});

const CELL = {
  substrate: 'k3s',
  backend: 'vxlan',
  loadBalancer: 'metallb-l2',
  controller: 'daemonset',
  trafficPolicy: 'Local',
} as const;
const WHOLE: ShrinkCase = { scenario: inCell(SCENARIO, CELL), objects: OBJECTS };

let asked: ShrinkCase[];
beforeEach(() => {
  asked = [];
});

/** Stands for real runs: what the failure of that night takes. */
async function oracle(candidate: ShrinkCase): Promise<Probed> {
  asked.push(candidate);
  const { scenario, objects } = candidate;
  const has = (kind: string, name: string) => objects.some((one) => one.kind === kind && one.metadata.name === name);
  const blocked = scenario.faults.find(({ kind }) => kind === 'block-port');
  const isJudged = scenario.expect.some(({ checks }) => checks.some(({ check }) => check === 'loss-at-most'));
  if (!scenario.watch.includes('edge')) return { answer: 'unresolved', why: 'no samples of edge-http-new' };
  // A Deployment without its namespace does not come up.
  if (objects.length > 0 && !has('Namespace', 'shop')) return { answer: 'unresolved', why: 'never steady' };
  const isLost =
    blocked !== undefined &&
    Number.parseFloat(blocked.lasting) >= 8 &&
    has('NetworkPolicy', 'default-deny') &&
    scenario.workload.replicas >= 2;
  return isLost && isJudged
    ? { answer: 'fails', why: 'edge-http-new lost 40 %' }
    : { answer: 'passes', why: 'nothing lost' };
}

const shrunk = (options: Partial<ShrinkOptions> = {}) => shrink(WHOLE, { seed: 7, probe: oracle, ...options });

test('3 servers, 3 agents, 12 objects and 3 faults become their cause', async () => {
  expect(OBJECTS).toHaveLength(12);
  expect(refusalOf(WHOLE, { seed: 7 })).toBeUndefined();
  const { smallest, isMinimal, probes } = await shrunk();
  const { scenario, objects } = smallest;
  expect(isMinimal).toBe(true);
  expect(scenario.faults.map(({ kind, lasting, after }) => [kind, lasting, after])).toEqual([
    ['block-port', '10s', '0s'],
  ]);
  expect(objects.map(({ kind }) => kind)).toEqual(['Namespace', 'NetworkPolicy']);
  expect(scenario.topology).toEqual({ servers: 1, agents: 1 });
  expect(scenario.workload).toMatchObject({ replicas: 2, echo: false });
  expect(scenario.watch).toEqual(['edge']);
  // The check is about the one fault that is left, under its new name.
  expect(scenario.expect).toEqual([
    { when: {}, checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0, fault: 'fault-0' }] },
  ]);
  expect(scenario.matrix).toMatchObject({ controller: ['default'], trafficPolicy: ['Cluster'] });
  expect(defineScenario(scenario)).toEqual(scenario);
  expect(probes).toBe(asked.length);
  expect(probes).toBeLessThan(100);
});

/** What it takes, drawn: whatever is left out of it, it does not fail. */
function drawnOracle(seed: number) {
  const random = seeded(seed);
  const draw = (below: number) => Math.floor(random() * below);
  const kinds = new Set(WHOLE.scenario.faults.map(({ kind }) => kind).filter(() => draw(2) === 0));
  const names = new Set(OBJECTS.map(({ kind, metadata }) => `${kind} ${metadata.name}`).filter(() => draw(4) === 0));
  const [agents, replicas, lasting] = [draw(4), 1 + draw(9), draw(15)];
  const fails = ({ scenario, objects }: ShrinkCase): boolean =>
    [...kinds].every((kind) => scenario.faults.some((one) => one.kind === kind)) &&
    [...names].every((name) => objects.some(({ kind, metadata }) => `${kind} ${metadata.name}` === name)) &&
    scenario.topology.agents >= agents &&
    scenario.workload.replicas >= replicas &&
    scenario.faults.every((one) => Number.parseFloat(one.lasting) >= lasting);
  const answer = async (candidate: ShrinkCase): Promise<Probed> =>
    fails(candidate) ? { answer: 'fails', why: 'so' } : { answer: 'passes', why: 'so' };
  return { answer, fails };
}

/** All cases that are one step smaller, and can be run. */
function oneStepBelow({ scenario, objects }: ShrinkCase): readonly ShrinkCase[] {
  const places = scenario.faults.map((_, place) => place);
  const { topology, workload } = scenario;
  const of = (change: Partial<Scenario>) => ({ objects, scenario: { ...scenario, ...change } });
  return [
    ...places.map((place) => ({
      objects,
      scenario: withFaults(
        scenario,
        places.filter((one) => one !== place),
      ),
    })),
    ...objects.map((one) => ({ scenario, objects: objects.filter((other) => other !== one) })),
    of({ topology: { ...topology, agents: topology.agents - 1 } }),
    of({ topology: { ...topology, servers: topology.servers - 1 } }),
    of({ workload: { ...workload, replicas: workload.replicas - 1 } }),
    ...scenario.watch.map((one) => of({ watch: scenario.watch.filter((other) => other !== one) })),
  ].filter((candidate) => refusalOf(candidate, { seed: 7 }) === undefined);
}

test('whatever it takes: what is left fails, and one step below it nothing does', async () => {
  for (let seed = 0; seed < 25; seed++) {
    const { answer, fails } = drawnOracle(seed);
    if (!fails(WHOLE)) continue;
    const { smallest, isMinimal } = await shrink(WHOLE, { seed: 7, probe: answer });
    expect(isMinimal).toBe(true);
    expect(fails(smallest), `seed ${seed}`).toBe(true);
    for (const candidate of oneStepBelow(smallest))
      expect(fails(candidate), `seed ${seed}: ${keyOf(candidate)}`).toBe(false);
  }
});

test('no case is run twice, and none that cannot be planned', async () => {
  await shrunk();
  expect(new Set(asked.map(keyOf)).size).toBe(asked.length);
  for (const candidate of asked) expect(refusalOf(candidate, { seed: 7 })).toBeUndefined();
});

test('the same answers lead to the same questions', async () => {
  await shrunk();
  const before = asked.map(keyOf);
  asked = [];
  await shrunk();
  expect(asked.map(keyOf)).toEqual(before);
});

test('when its time is over the best so far is handed back, and it says that it is not minimal', async () => {
  const { smallest, isMinimal } = await shrunk({ hasTime: () => asked.length < 5 });
  expect(asked).toHaveLength(5);
  expect(isMinimal).toBe(false);
  expect(smallest.scenario.faults).toHaveLength(1);
  expect((await oracle(smallest)).answer).toBe('fails');
});

test('one that was killed goes on where it was: what was answered is not run again', async () => {
  const told: Probe[] = [];
  const tell = async (probe: Probe) => {
    told.push(probe);
    if (told.length === 20) throw new Error('killed');
  };
  await expect(shrunk({ tell })).rejects.toThrow('killed');
  const first = asked.map(keyOf);
  asked = [];
  const known = new Map(told.map(({ key, answer, why }) => [key, { answer, why }]));
  const { smallest } = await shrunk({ known });
  expect(asked.map(keyOf).filter((key) => first.includes(key))).toEqual([]);
  asked = [];
  expect(keyOf(smallest)).toBe(keyOf((await shrunk()).smallest));
});

test('every answer is told with the best so far, before the next question', async () => {
  const sizes: string[] = [];
  await shrunk({
    tell: async (probe, best) => {
      sizes.push(probe.size);
      expect((await oracle(best)).answer).toBe('fails');
    },
  });
  expect(sizes.at(0)).toMatch(/^3 servers, 3 agents, 9 replicas, 12 objects, \d fault/);
});

test('a target that would not be there is never run', () => {
  const { scenario } = WHOLE;
  const fewer = { ...WHOLE, scenario: { ...scenario, topology: { servers: 3, agents: 2 } } };
  expect(refusalOf(fewer, { seed: 7 })).toBe('there is no agent-2');
});
