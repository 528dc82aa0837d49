import { describe, expect, test } from 'vitest';
import { clusterClaim, measuredClaim, open, pureClaim, seen, untestable, type Claim, type Part } from './claim.ts';
import type { Result } from './result.ts';
import { verdictOf } from './verdict.ts';

const about = { id: 'A01', sentence: 's', stands: ['S0', 'p'], predicted: ['true', 'because'] } as const;
const here = { is: 'here', of: 1 };

const claimWith = (shows: 'control' | 'limit', more: { outdatedSince?: string } = {}): Claim =>
  pureClaim({ ...about, ...more, here, twin: { is: 'there', shows, of: 2 }, ask: (of: number) => seen(of === 1, 'x') });

const result = (part: Part, holds: boolean | null, release = 'v1.33.3+k3s1'): Result => ({
  version: 1,
  claim: 'A01',
  part,
  setUp: 'pure',
  release,
  holds,
  saw: holds === null ? 'it broke' : 'x',
  run: 'r',
  ms: 1,
  at: '2026-11-21T00:00:00.000Z',
});

const pair = (check: boolean | null, twin: boolean | null, release?: string): readonly Result[] => [
  result('check', check, release),
  result('twin', twin, release),
];

describe('a verdict', () => {
  test('is true where it holds, and not in the twin', () => {
    expect(verdictOf(claimWith('control'), pair(true, false))).toMatchObject({ name: 'true', words: 'true' });
  });

  test('is false where it does not, and does in the twin', () => {
    expect(verdictOf(claimWith('control'), pair(false, true)).name).toBe('false');
  });

  test('has a limit where the twin is ground that the sentence covers', () => {
    expect(verdictOf(claimWith('limit'), pair(true, false))).toMatchObject({
      name: 'true with a limit',
      words: 'true with a limit: not so with there',
    });
  });

  test('is outdated where an older release is known to have had it', () => {
    const verdict = verdictOf(claimWith('control', { outdatedSince: 'v1.26' }), pair(false, true));
    expect(verdict).toMatchObject({ name: 'outdated', words: 'outdated since v1.26' });
  });

  test.each([true, false])('is none where both come out alike: %s', (holds) => {
    const { name, words } = verdictOf(claimWith('control'), pair(holds, holds));
    expect(name).toBeUndefined();
    expect(words).toContain('the same way');
  });

  test('is none where the twin was not run, or either could not tell', () => {
    expect(verdictOf(claimWith('control'), [result('check', true)]).words).toContain('its twin was not run');
    expect(verdictOf(claimWith('control'), [result('twin', true)]).words).toContain('only its twin was run');
    expect(verdictOf(claimWith('control'), pair(null, true)).words).toContain('it broke');
    expect(verdictOf(claimWith('control'), pair(true, null)).words).toContain('it broke');
    expect(verdictOf(claimWith('control'), []).words).toContain('not run');
  });
});

describe('over releases', () => {
  const [older, newer] = ['v1.32.1+k3s1', 'v1.33.3+k3s1'];

  test('what held on the older and not on the newer is outdated since that', () => {
    const verdict = verdictOf(claimWith('control'), [...pair(true, false, older), ...pair(false, true, newer)]);
    expect(verdict).toMatchObject({ name: 'outdated', words: `outdated since ${newer}, of the releases run` });
  });

  test('what came with the newer is a limit', () => {
    const verdict = verdictOf(claimWith('control'), [...pair(false, true, older), ...pair(true, false, newer)]);
    expect(verdict.words).toBe(`true with a limit: from ${newer} on, of the releases run`);
  });

  test('another release that came out otherwise is a control as well', () => {
    const verdict = verdictOf(claimWith('control'), [...pair(true, true, older), ...pair(false, true, newer)]);
    expect(verdict.name).toBe('outdated');
    const alone = verdictOf(claimWith('control'), pair(true, true, older));
    expect(alone.name).toBeUndefined();
  });
});

test('what cannot be run says why, and what is not written says what is missing', () => {
  expect(verdictOf(untestable({ ...about, reason: 'no such cloud' }), []).name).toBe('not testable here');
  const unwritten = open({ ...about, setUp: 'default', plan: 'p', twin: { is: 't' } });
  expect(verdictOf(unwritten, pair(true, false)).name).toBeUndefined();
});

test('no kind of claim is made without a twin: neither typechecks, nor runs', () => {
  // @ts-expect-error the twin is missing
  expect(() => pureClaim({ ...about, here, ask: (of: number) => seen(of === 1, '') })).toThrow(TypeError);
  const ask = async (_: unknown, of: number) => seen(of === 1, '');
  // @ts-expect-error the twin is missing
  expect(() => clusterClaim({ ...about, here, setUp: 'default', ask })).toThrow(TypeError);
  const run = { is: '', of: { scenario: '', cell: {} } };
  // @ts-expect-error the twin is missing
  expect(() => measuredClaim({ ...about, here: run, ask: () => seen(true, '') })).toThrow(TypeError);
});
