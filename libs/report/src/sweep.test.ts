import { cutOff, overlayBlocked, swept, type Expectation } from '@faultline/checker';
import type { RunEvent, Stamped } from '@faultline/history';
import { expect, test } from 'vitest';
import { reachability, sweepLines } from './sweep.ts';

type Sweep = Extract<RunEvent, { type: 'sweep' }>;

const AT = { before: -6, during: 18, after: 24 };
const run = (...sweeps: readonly Sweep[]): readonly Stamped[] =>
  overlayBlocked(3, { events: sweeps.map((event) => ({ at: AT[event.when], event })) });

const lost = cutOff('agent-1', ['pod-node', 'dns']);
const paths = ['pod-pod', 'pod-node', 'dns'] as const;
const blocked = run(swept('before', { paths }), swept('during', { paths, lost }), swept('after', { paths }));
const declared = (path: readonly Sweep['cells'][number]['path'][]): readonly Expectation[] => [
  { check: 'sweep', path, lost: 'cross-node-of-target' },
];

test('a summary has a row for each pair of nodes, and a sign for each sweep', () => {
  const lines = sweepLines(blocked);
  expect(lines[0]).toContain('In each cell, in this order: before, during, after.');
  expect(lines[0]).toContain('Between pods the source address was kept in 23 cells and translated in 0.');
  expect(lines.slice(2, 9)).toEqual([
    '```text',
    'from → to            pod-pod  pod-node  dns',
    'server-0 → server-0  ✓✓✓      ✓✓✓       ✓✓✓',
    'server-0 → agent-0   ✓✓✓      ✓✓✓',
    'server-0 → agent-1   ✓✗✓      ✓✓✓',
    'agent-0 → server-0   ✓✓✓      ✓✓✓       ✓✓✓',
    'agent-0 → agent-0    ✓✓✓      ✓✓✓',
  ]);
});

const framed = (markup: string): number => markup.match(/class="[^"]* wrong"/g)?.length ?? 0;

test('the page frames what is otherwise than the scenario declares, and nothing else', () => {
  expect(framed(reachability(blocked, declared(['pod-pod'])).markup)).toBe(0);
  expect(framed(reachability(blocked, declared(['dns'])).markup)).toBe(4 + 1);
  expect(framed(reachability(blocked).markup)).toBe(0);
  const left = run(swept('after', { lost: () => 2 }));
  expect(framed(reachability(left).markup)).toBe(9 * 6 + 3);
});

test('a large cluster shows the pairs that lost something, and counts the others', () => {
  const nodes = Array.from({ length: 12 }, (_, index) => `agent-${index}`);
  const large = run(swept('during', { nodes, paths, lost: cutOff('agent-1', ['pod-node', 'dns']) }));
  const lines = sweepLines(large);
  expect(lines[0]).toContain('122 pairs that were whole in every sweep are left out.');
  expect(lines.slice(2).filter((line) => line.includes('✗'))).toHaveLength(22);
});

test('what nodes are called, and what an error says, is text', () => {
  const evil = '<b>`|\u001b[31m';
  const cells = swept('during', { nodes: [evil], lost: () => 3 }).cells.map((cell) => ({ ...cell, detail: evil }));
  const events = run({ type: 'sweep', when: 'during', cells });
  const { markup } = reachability(events);
  for (const text of [markup, sweepLines(events).join('\n')]) expect(text).not.toContain('\u001b');
  expect(markup).not.toContain('<b>');
  expect(markup).toContain('&lt;b&gt;');
});

test('a run in which nobody swept says nothing of it', () => {
  expect(sweepLines(run())).toEqual([]);
  expect(reachability(run()).markup).toBe('');
});
