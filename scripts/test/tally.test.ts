import { expect, test } from 'vitest';
import { failed, isGood, nothing, passed, sum, summary, type Tally } from './tally.ts';

const skipping = (name: string, reason: string): Tally => ({ ...nothing, skipped: [{ name, reason }] });

test('the last line is the counts, and only that', () => {
  expect(
    summary(sum([passed, passed, failed('lint')]))
      .split('\n')
      .at(-1),
  ).toBe('2 passed, 1 failed, 0 skipped');
});

test('skips are named under their reason', () => {
  const tally = sum([
    passed,
    skipping('one', 'no k3s image'),
    skipping('two', 'no WireGuard'),
    skipping('three', 'no k3s image'),
  ]);
  expect(summary(tally)).toBe(
    [
      'skipped: no k3s image',
      '  one',
      '  three',
      'skipped: no WireGuard',
      '  two',
      '1 passed, 0 failed, 3 skipped',
    ].join('\n'),
  );
});

test('failures are named before the counts', () => {
  expect(summary(failed('tidy'))).toBe('failed: tidy\n0 passed, 1 failed, 0 skipped');
});

test.each([
  ['something passed', passed, true],
  ['something passed, something was skipped', sum([passed, skipping('one', 'why')]), true],
  ['something failed', sum([passed, failed('one')]), false],
  ['everything was skipped', skipping('one', 'why'), false],
  ['nothing ran', nothing, false],
])('%s: good is %s', (_, tally, good) => {
  expect(isGood(tally)).toBe(good);
});
