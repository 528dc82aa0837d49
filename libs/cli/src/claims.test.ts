/** `faultline claims` without a cluster: what it prints, and what it refuses. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { execute } from './command/claims.ts';
import { UsageError } from './exit.ts';

const { signal } = new AbortController();
let printed: string[];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => void vi.restoreAllMocks());

const idsOf = async (...names: readonly string[]): Promise<readonly string[]> => {
  printed = [];
  await execute(names, { json: true }, signal);
  return (JSON.parse(printed.join('\n')) as readonly { id: string }[]).map(({ id }) => id);
};

test('a claim is named in either case, or by a range that may be open', async () => {
  expect(await idsOf('a96B')).toEqual(['A96b']);
  expect(await idsOf('A01..A03', 'A22')).toEqual(['A01', 'A02', 'A03', 'A22']);
  expect((await idsOf('A125..')).slice(0, 2)).toEqual(['A125', 'A126']);
});

test('all are printed, and how many of them have a verdict', async () => {
  expect(await execute([], {}, signal)).toBe(0);
  expect(printed.length).toBeGreaterThan(126);
  expect(printed.at(-1)).toMatch(/\d+ of \d+ with a verdict\. Next: /);
});

test('the verdict of a pure claim is told with what was seen', async () => {
  await execute(['A01'], {}, signal);
  expect(printed.join('\n')).toMatch(/False\.[^]*47 of 80 do not[^]*1 of 1 with a verdict/);
});

test.each([
  [['A222'], {}, /unknown claim "A222"/],
  [[], { group: 'some' }, /unknown group "some"/],
  [[], { setUp: 'defalt' }, /unknown set-up "defalt"\. Did you mean default\?/],
  [['A01'], { setUp: 'default' }, /no claim is left/],
  [['A01'], { run: true, list: true }, /not both/],
])('%j with %j is refused, and says what is allowed', async (names, options, message) => {
  await expect(execute(names, options, signal)).rejects.toThrow(UsageError);
  await expect(execute(names, options, signal)).rejects.toThrow(message);
});
