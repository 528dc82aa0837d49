import { expect, test } from 'vitest';
import { inTurn } from './services.ts';

test.each([
  ['abcabcabc', 3, true],
  ['bcabcabca', 3, true],
  ['abcbacabc', 3, true],
  ['aabbcc', 3, false],
  ['abcabaabc', 3, false],
  ['aaaa', 1, true],
])('%s of %d pods goes by rounds: %s', (names, pods, expected) => {
  expect(inTurn([...names], pods)).toBe(expected);
});
