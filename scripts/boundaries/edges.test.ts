import { expect, test } from 'vitest';
import { roomOf, ROOMS, table } from './edges.ts';

test('imports go down, never sideways and never up', () => {
  const height = (layer: number | 'top'): number => (layer === 'top' ? 9 : layer);
  const layerOf = (name: string): number =>
    height(ROOMS.find((room) => room.name === name.split('/')[0])?.layer ?? 'top');
  const upward = ROOMS.filter(({ layer }) => layer !== 'top').flatMap((room) =>
    room.mayImport.filter((name) => layerOf(name) >= height(room.layer)).map((name) => `${room.name} -> ${name}`),
  );
  expect(upward).toEqual([]);
});

test('the runner knows nothing of reports: they read what it wrote', () => {
  expect(ROOMS.find(({ name }) => name === 'scenario')?.mayImport).not.toContain('report');
});

test('nothing imports the scripts', () => {
  expect(ROOMS.flatMap(({ mayImport }) => mayImport)).not.toContain('scripts');
});

test.each([
  ['libs/fault/src/drop.ts', 'fault'],
  ['scenarios/failover/a.scenario.ts', 'scenarios'],
  ['scripts/boundaries/edges.ts', 'scripts'],
  ['vitest.config.ts', 'scripts'],
  ['elsewhere/a.ts', undefined],
])('%s is in the room %s', (path, name) => {
  expect(roomOf(path)?.name).toBe(name);
});

test('the table is Markdown, a line for each room', () => {
  const [head, rule, ...rows] = table().split('\n');
  expect(head).toBe('| room | layer | purpose | may import |');
  expect(rule).toBe('| --- | --- | --- | --- |');
  expect(rows).toHaveLength(ROOMS.length);
  expect(rows[1]).toMatch(/^\| `libs\/control\/` \| 1 \| runs commands.+ \| `history` \|$/);
});
