import { expect, test } from 'vitest';
import { exampleNight, exampleScenario, nothingNeeded } from './example-night.ts';
import { planNight, rowSeed } from './plan-night.ts';
import { rowsOf, shardOf } from './share.ts';

const releases = ['v1.33.3+k3s1'];

test('the same seed gives the same night, another one another', () => {
  expect(exampleNight()).toEqual(exampleNight());
  expect(exampleNight({ seed: 8 }).rows.map(({ id }) => id)).not.toEqual(exampleNight().rows.map(({ id }) => id));
});

test("a row's own seed depends on the night's and on the row, and on no other row", () => {
  const night = exampleNight();
  const alone = planNight([exampleScenario('second-fault')], {
    seed: 7,
    strength: 2,
    faultNeeds: nothingNeeded,
    substrates: ['bare'],
  });
  const seedOf = (id: string) => night.rows.find((row) => row.id === id)?.seed;
  for (const { id, seed } of alone.rows) expect(seedOf(id)).toBe(seed);
  expect(new Set(night.rows.map(({ seed }) => seed)).size).toBe(night.rows.length);
  expect(rowSeed(1, 'a')).not.toBe(rowSeed(2, 'a'));
});

test('one cluster serves the rows that want the same one, and no others', () => {
  const night = exampleNight({ strength: 3 });
  for (const group of night.groups) {
    const backends = rowsOf(night, group).map(({ cell }) => cell.backend);
    expect(new Set(backends).size).toBe(1);
  }
  expect(night.groups).toHaveLength(2);
});

test('another release, another place for the controller, another number of agents is another cluster', () => {
  const scenarios = [
    exampleScenario('one'),
    exampleScenario('more', { topology: { servers: 1, agents: 3 } }),
    exampleScenario('away', { controllerPlace: 'agents' }),
  ];
  const night = planNight(scenarios, { seed: 1, strength: 3, faultNeeds: nothingNeeded, substrates: ['k3s'] });
  const wanted = new Set(
    night.rows.map(({ cell }) => [cell.k3s, cell.backend, cell.loadBalancer, cell.scenario].join(' ')),
  );
  // Here no two scenarios want the same cluster.
  expect(night.groups).toHaveLength(wanted.size);
});

test('no cluster serves more than eight rows, and those that deploy the same follow each other', () => {
  const scenarios = Array.from({ length: 12 }, (_, index) =>
    exampleScenario(`fault-number-${index}`, {
      matrix: { substrate: ['k3s'], backend: ['vxlan'], loadBalancer: ['keepalived'] },
      workload: { replicas: index % 2 === 0 ? 3 : 6 },
    }),
  );
  const night = planNight(scenarios, { seed: 1, strength: 2, faultNeeds: nothingNeeded, releases });
  expect(night.groups.map(({ rows }) => rows.length)).toEqual([6, 6]);
  for (const { rows } of night.groups) {
    const parities = rows.map((id) => Number(/number-(\d+)/.exec(id)?.[1]) % 2);
    expect(new Set(parities).size).toBe(1);
  }
});

test('what a row took on earlier nights is what it is expected to take', () => {
  const [row] = exampleNight().rows;
  const slow = exampleNight({ durations: new Map([[row?.id ?? '', 3_600_000]]) });
  expect(slow.rows.find(({ id }) => id === row?.id)?.ownMs).toBe(3_600_000);
  // So it gets a machine for itself, but for what shares its cluster.
  const [first, second] = [1, 2].map((index) => shardOf(slow, { index, of: 2 }));
  expect(first?.flatMap(({ rows }) => rows)).toContain(row?.id);
  expect(second?.flatMap(({ rows }) => rows)).not.toContain(row?.id);
});

test('what a layout of the controller has no room for is no cell', () => {
  const small = exampleScenario('small', {
    topology: { servers: 1, agents: 0 },
    matrix: {
      substrate: ['k3s'],
      backend: ['vxlan'],
      loadBalancer: ['servicelb'],
      controller: ['default', 'two-replicas'],
    },
  });
  const night = planNight([small], { seed: 1, strength: 2, faultNeeds: nothingNeeded, releases });
  expect(night.rows.map(({ cell }) => cell.controller)).toEqual(['default']);
});

test('what exists and no cell has is named', () => {
  const { untested } = exampleNight();
  const named = untested.map(({ factor, value }) => `${factor} ${value}`);
  expect(named).toEqual(expect.arrayContaining(['substrate k3s', 'ipFamily ipv6', 'backend wireguard-native']));
  expect(named).not.toContain('backend vxlan');
});

test('what a fault needs and nobody has makes a skip, with its reason', () => {
  const lacks = [{ capability: 'disk.quota', reason: 'all nodes share one disk' }];
  const night = exampleNight({
    faultNeeds: ({ name }) => ({ needs: [], lacks: name === 'first-fault' ? lacks : [] }),
  });
  const skips = night.rows.filter((row) => row.lacks.length > 0);
  expect(skips.map(({ cell }) => cell.scenario)).toEqual(['first-fault', 'first-fault']);
  expect(skips[0]?.lacks).toEqual(lacks);
  expect(night.groups.flatMap(({ rows }) => rows)).toHaveLength(night.rows.length - 2);
});
