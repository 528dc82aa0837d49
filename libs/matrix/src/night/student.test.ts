import { expect, test } from 'vitest';
import { sampleOf, tTest, twoSided } from './student.ts';

test.each([
  // Critical values as printed in every table of the t-distribution.
  [12.706, 1, 0.05],
  [2.228, 10, 0.05],
  [3.169, 10, 0.01],
  [2.66, 60, 0.01],
  [3.46, 60, 0.001],
  [1.96, 1_000_000, 0.05],
])('|t| of %d with %d degrees of freedom is by chance with probability %d', (t, freedom, chance) => {
  expect(twoSided(t, freedom)).toBeCloseTo(chance, 4);
  expect(twoSided(-t, freedom)).toBe(twoSided(t, freedom));
});

test('no difference is certain chance', () => expect(twoSided(0, 5)).toBe(1));

test("Student's own example: sleep gained with two drugs, pooled, t = -1.8608 with 18 degrees of freedom", () => {
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  expect(tTest(sampleOf(first), sampleOf(second))).toBeCloseTo(0.07919, 5);
});

test('two constants that differ do so by no chance, and two that are equal by chance alone', () => {
  const [one, two] = [sampleOf([1, 1, 1]), sampleOf([2, 2, 2])];
  expect(tTest(one, two)).toBe(0);
  expect(tTest(one, one)).toBe(1);
});

test('one point against one says nothing', () => expect(tTest(sampleOf([1]), sampleOf([9]))).toBe(1));
