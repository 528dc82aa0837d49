import { expect, test } from 'vitest';
import { parseResult, RESULT_VERSION, resultLine, type Result } from './result.ts';

const RESULT: Result = {
  version: RESULT_VERSION,
  row: 'kill-the-announcing-node k3s-vxlan-metallb-l2',
  scenario: 'kill-the-announcing-node',
  cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'metallb-l2' },
  repeat: null,
  verdict: 'pass',
  reason: 'edge-http-new was out for 5.69 s',
  skip: null,
  figures: [{ name: 'failover edge-http-new', measured: 5690, expected: { low: 4940, median: 5600, high: 7150 } }],
  started: 1_795_000_000_000,
  durationMs: 61_000,
  folder: 'runs/a',
  commit: '4f3465b52466',
  host: 'ci-1',
  class: '',
  lastEvent: { type: 'run.end', detail: 'completed' },
};
const wrong = (change: object): string => JSON.stringify({ ...RESULT, ...change });

test('a result is read back as it was written', () => {
  expect(parseResult(resultLine(RESULT))).toEqual(RESULT);
});

test.each([
  ['a verdict that nobody gives', { verdict: 'flaky' }, /verdict/],
  ['a skip without its reason', { verdict: 'skip' }, /a skip says why it was skipped/],
  ['a pass with a reason to skip', { skip: { because: 'budget' } }, /a skip says why it was skipped/],
  ['a figure that is no time', { figures: [{ name: 'x', measured: -1, expected: null }] }, /measured/],
  ['a line of tomorrow', { version: 99 }, /result version 99.*reads up to 1/],
  ['a line without a version', { version: undefined }, /version/],
])('%s is refused by name', (_, change, says) => {
  expect(() => parseResult(wrong(change))).toThrow(says);
});

test.each(['', 'null', '[]', '3', '{', '{"version":1}'])('%j is no result', (line) => {
  expect(() => parseResult(line)).toThrow(/JSON|expected|Invalid|reading/);
});
