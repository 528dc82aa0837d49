import { compareBackends, faultTable, syntheticIdentity, syntheticTurns, type SetVerdict } from '@faultline/checker';
import { describe, expect, test } from 'vitest';
import { KINDS, tableOf } from './kept.ts';

const row = (mark: string, content: unknown) => KINDS.find((kind) => kind.mark === mark)?.row(content);
const run = {
  headline: 'Clients could not reach userlist for 5.54 s.',
  outcome: 'pass',
  substrate: 'k3s',
  versions: { k3s: 'v1.33.3+k3s1' },
  cell: { backend: 'vxlan', loadBalancer: 'metallb-l2' },
};
const values = [5000, 6000, 7000];
const set: SetVerdict = {
  version: 1,
  set: 'a',
  scenario: 'kill-the-announcing-node',
  cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'metallb-l2' },
  label: 'metallb-l2',
  runs: values.map((_, index) => ({
    run: `${index}`,
    seed: index,
    outcome: 'pass',
    reason: '',
    folder: `repeat-00${index}`,
  })),
  counts: { pass: 2, fail: 1, inconclusive: 0 },
  probes: [
    {
      probe: 'edge-tcp',
      layer: 'tcp',
      outage: { values, median: 6000, interval: null, least: 5000, most: 7000, p90: null },
      back: null,
      neverEnded: 0,
      unharmed: 0,
      lost: 1,
      sent: 2,
    },
  ],
  stages: [],
  complete: { runs: 3, of: 3 },
  envelope: null,
  ratio: null,
  splitBrain: 0,
  command: '',
  commit: null,
  dirty: false,
  versions: { k3s: 'v1.33.3+k3s1' },
};

describe('the row of', () => {
  test('a run says where it ran and what clients saw, whatever the version of its verdict', () => {
    expect(row('verdict.json', run)).toEqual({
      on: 'k3s v1.33.3+k3s1 vxlan, metallb-l2',
      verdict: 'pass',
      saw: 'Clients could not reach userlist for 5.54 s.',
    });
  });

  test('a comparison of backends says what is shown to differ', () => {
    const backends = [
      { backend: 'vxlan', slower: 1 },
      { backend: 'host-gw', slower: 0.7 },
    ];
    const turns = syntheticTurns(backends, { repeats: 5, seed: 1 });
    expect(row('comparison.json', compareBackends(turns, syntheticIdentity(backends)))).toEqual({
      on: 'k3s v1.33.3+k3s1 vxlan, host-gw',
      verdict: '36 of 36 ratios differ from 1',
      saw: expect.stringMatching(/^host-gw is \d+ % faster than vxlan, pod to pod across nodes/),
    });
  });

  test('a table of faults counts its verdicts and its skips', () => {
    const skipped = [
      { scenario: 'block', cell: { substrate: 'k3s', backend: 'wireguard-native' }, reason: 'no WireGuard' },
    ];
    expect(row('faults.json', faultTable([], skipped))).toMatchObject({ verdict: 'skipped 1' });
  });

  test('a set counts its outcomes', () => {
    const { verdict, saw } = row('set.json', set) ?? {};
    expect(verdict).toBe('pass 2, fail 1');
    expect(saw).toMatch(/^metallb-l2: edge-tcp was out for a median of 6\.00 s/);
  });

  test('a comparison names every set with its median', () => {
    const never = { outage: null, neverEnded: 3 };
    const dead = { ...set, label: 'servicelb', probes: set.probes.map((probe) => ({ ...probe, ...never })) };
    expect(row('comparison.json', [set, dead])?.saw).toBe(
      'metallb-l2 6.00 s, servicelb not until healed: 3 of 3 (edge-tcp)',
    );
  });

  test('several runs on two clocks has all their headlines', () => {
    expect(row('clocks.json', [{ label: 'default', verdict: run }])?.saw).toBe(`default: ${run.headline}`);
  });
});

test('the table is in the order of the topics, and a cell cannot end its row', () => {
  const saw = { on: 'k3s', verdict: 'pass', saw: 'a | b\nc' };
  const table = tableOf([
    { topic: 'b', page: 'clocks.html', row: saw },
    { topic: 'a', page: 'summary.md', row: saw },
  ]);
  expect(table.split('\n').filter((line) => line.startsWith('| ['))).toEqual([
    '| [a](a/summary.md) | k3s | pass | a \\| b c |',
    '| [b](b/clocks.html) | k3s | pass | a \\| b c |',
  ]);
});
