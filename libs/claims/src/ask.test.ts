import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '@faultline/cluster';
import { manualClock } from '@faultline/history';
import { expect, test } from 'vitest';
import { askOnCluster, askWithoutCluster } from './ask.ts';
import { clusterClaim, measuredClaim, pureClaim, seen, type ClusterClaim } from './claim.ts';
import type { KeptVerdict } from './kept.ts';
import type { Result } from './result.ts';

const about = { sentence: 's', stands: ['S0', 'p'], predicted: ['true', 'because'] } as const;
const here = { is: 'here', of: 1 };
const there = { is: 'there', shows: 'control', of: 2 } as const;

const verdict = (scenario: string, cell: KeptVerdict['cell'], outcome: string): KeptVerdict => ({
  scenario,
  cell,
  outcome,
  versions: { k3s: 'v1.33.3+k3s1' },
  reason: '',
  headline: outcome,
  checks: [],
});

test('a pure question is asked of both, and one that throws has no answer', async () => {
  const claim = pureClaim({
    ...about,
    id: 'A01',
    here,
    twin: there,
    ask: (of: number) => {
      if (of === 2) throw new Error('it broke\nbadly');
      return seen(true, 'x');
    },
  });
  const results = await askWithoutCluster([claim], [], manualClock());
  expect(results.map(({ part, holds, saw }) => [part, holds, saw])).toEqual([
    ['check', true, 'x'],
    ['twin', null, 'it broke: badly'],
  ]);
});

test('a measured one is read from the kept runs that fit, and from no other', async () => {
  const cell = (loadBalancer: string) => ({ scenario: 'kill', cell: { loadBalancer } });
  const claim = measuredClaim({
    ...about,
    id: 'A34',
    here: { is: 'one', of: cell('servicelb') },
    twin: { ...there, of: cell('metallb-l2') },
    ask: ({ outcome }) => seen(outcome === 'pass', outcome),
  });
  const kept = [
    { folder: 'a', verdict: verdict('kill', { loadBalancer: 'servicelb' }, 'pass') },
    { folder: 'b', verdict: verdict('other', { loadBalancer: 'metallb-l2' }, 'pass') },
  ];
  const results = await askWithoutCluster([claim], kept, manualClock());
  expect(results.map(({ part, run, holds }) => [part, run, holds])).toEqual([['check', 'a', true]]);
});

/** A cluster whose server does whatever it is told, and says nothing. */
const silent = {
  nodes: [{ name: 'server-0', exec: async () => ({ stdout: '', stderr: '', exitCode: 0, durationMs: 1 }) }],
} as unknown as Cluster;

async function ranOf(claims: readonly ClusterClaim[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  const { signal } = new AbortController();
  const keep = async (result: Result) => void results.push(result);
  await askOnCluster(claims, silent, { app: 'a', release: 'v', setUp: 'default', run: 'r', signal, keep });
  return results;
}

test('questions are asked side by side, and those that mind alone; each with a port and a name of its own', async () => {
  let now = 0;
  let most = 0;
  const names: string[] = [];
  const claim = (id: ClusterClaim['id'], alone: boolean) =>
    clusterClaim({
      ...about,
      id,
      setUp: 'default',
      alone,
      here,
      twin: there,
      ask: async (rig, of: number) => {
        now++;
        most = Math.max(most, now);
        names.push(`${rig.name} ${rig.port}`);
        await pause(5);
        const together = now;
        now--;
        return seen(of === 1, String(together));
      },
    });
  const results = await ranOf([claim('A21', false), claim('A26', true), claim('A28', false)]);
  expect(most).toBe(4);
  expect(results.filter(({ claim: id }) => id === 'A26').map(({ saw }) => saw)).toEqual(['1', '1']);
  expect(new Set(names.map((name) => name.split(' ')[1])).size).toBe(6);
  expect(names).toContain('a21-check 12000');
});

test('a twin of another set-up is not asked in this one', async () => {
  const claim = clusterClaim({
    ...about,
    id: 'A50',
    setUp: 'default',
    here,
    twin: { ...there, setUp: 'host-gw' },
    ask: async (_, of: number) => seen(of === 1, ''),
  });
  expect((await ranOf([claim])).map(({ part }) => part)).toEqual(['check']);
});

test('what a question made is undone before the next, and an undo that fails is told', async () => {
  const done: string[] = [];
  const claim = clusterClaim({
    ...about,
    id: 'A22',
    setUp: 'default',
    here,
    twin: there,
    ask: async (rig, of: number) => {
      rig.defer(async () => {
        done.push(rig.name);
        if (of === 2) throw new Error('it stays');
      });
      return seen(of === 1, '');
    },
  });
  const results = await ranOf([claim]);
  expect(done.toSorted()).toEqual(['a22-check', 'a22-twin']);
  expect(results.find(({ part }) => part === 'twin')).toMatchObject({ holds: null, saw: 'it stays' });
});
