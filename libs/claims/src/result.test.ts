import { expect, test } from 'vitest';
import { mergeResults, parseResults, ResultError, writtenResults, type Result } from './result.ts';

const result = (change: Partial<Result> = {}): Result => ({
  version: 1,
  claim: 'A22',
  part: 'check',
  setUp: 'default',
  release: 'v1.33.3+k3s1',
  holds: true,
  saw: '3 of 3',
  run: 'one',
  ms: 3,
  at: '2026-11-21T00:00:00.000Z',
  ...change,
});

test('what is written is read again', () => {
  const results = [result(), result({ part: 'twin', holds: null, saw: 'a\nline' })];
  expect(parseResults(writtenResults(results), 'x.jsonl')).toEqual(results);
});

test.each([
  ['no JSON', '{'],
  ['an unknown version', '{"version":2,"claim":"A22","part":"check"}'],
  ['no claim', '{"version":1,"claim":"B1","part":"check"}'],
  ['no part', '{"version":1,"claim":"A22","part":"half"}'],
])('%s is refused with its line', (_, line) => {
  expect(() => parseResults(`${JSON.stringify(result())}\n${line}\n`, 'x.jsonl')).toThrow(/x\.jsonl:2[^]*Next:/);
  expect(() => parseResults(line, 'x.jsonl')).toThrow(ResultError);
});

test('a new line takes the place of what it repeats, in the order of the claims', () => {
  const old = [result(), result({ claim: 'A100' })];
  const merged = mergeResults(old, [result({ claim: 'A9' }), result({ holds: false, run: 'two' })]);
  expect(merged.map(({ claim, holds }) => `${claim} ${holds}`)).toEqual(['A9 true', 'A22 false', 'A100 true']);
});

test('what says nothing new stays as it was, with its time', () => {
  const merged = mergeResults([result()], [result({ at: '2027-01-01T00:00:00.000Z', ms: 9 })]);
  expect(merged).toEqual([result()]);
});
