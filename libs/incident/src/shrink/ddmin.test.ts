import { seeded } from '@faultline/scenario/plan';
import { expect, test } from 'vitest';
import { ddmin, lowest, type Answer } from './ddmin.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Fails where all of these are there; counts what it was asked. */
function needing(...needed: readonly number[]) {
  const asked: string[] = [];
  const oracle = async (of: readonly number[]): Promise<Answer> => {
    asked.push(of.join());
    return needed.every((one) => of.includes(one)) ? 'fails' : 'passes';
  };
  return { oracle, asked };
}

test.each([[[]], [[0]], [[15]], [[3, 4]], [[0, 7, 15]], [numbers(16)]])(
  'of 16 elements exactly those stay that it takes: %j',
  async (needed) => {
    expect(await ddmin(numbers(16), needing(...needed).oracle)).toEqual(needed);
  },
);

test('no fewer than the least are tried', async () => {
  const { oracle, asked } = needing();
  expect(await ddmin(numbers(4), oracle, { least: 1 })).toHaveLength(1);
  expect(asked).not.toContain('');
});

test('what is unresolved is no failure, and is found around', async () => {
  // 5 does not even start without 2, as an Ingress without its Service.
  const oracle = async (of: readonly number[]): Promise<Answer> => {
    if (of.includes(5) && !of.includes(2)) return 'unresolved';
    return of.includes(5) ? 'fails' : 'passes';
  };
  expect(await ddmin(numbers(12), oracle)).toEqual([2, 5]);
});

test('whatever fails: what is left fails, and taking away any one of it does not', async () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = seeded(seed);
    // Not monotone, as real failures are not: a hash of the subset decides, but the whole fails.
    const all = numbers(3 + Math.floor(random() * 8));
    const oracle = async (of: readonly number[]): Promise<Answer> => {
      if (of.length === all.length) return 'fails';
      const drawn = seeded(of.reduce((sum, one) => sum * 31 + one + 1, seed + 7))();
      return drawn < 0.3 ? 'fails' : drawn < 0.4 ? 'unresolved' : 'passes';
    };
    const left = await ddmin(all, oracle);
    expect(await oracle(left)).toBe('fails');
    for (const one of left)
      expect(await oracle(left.filter((other) => other !== one)), `seed ${seed}`).not.toBe('fails');
  }
});

test('the same answers lead to the same questions', async () => {
  const [one, other] = [needing(2, 9), needing(2, 9)];
  await ddmin(numbers(12), one.oracle);
  await ddmin(numbers(12), other.oracle);
  expect(one.asked).toEqual(other.asked);
});

test.each([
  [1, 1],
  [6, 6],
  [9, 9],
  [12, undefined],
])('of values from 1 to 10 the lowest that fails, where it takes %i', async (needed, found) => {
  const fails = async (value: number): Promise<Answer> => (value >= needed ? 'fails' : 'passes');
  expect(
    await lowest(
      numbers(10).map((value) => value + 1),
      fails,
    ),
  ).toBe(found);
  expect(await lowest([], fails)).toBeUndefined();
});
