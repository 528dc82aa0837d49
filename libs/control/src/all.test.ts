import { expect, test } from 'vitest';
import { onAll, SomeFailedError } from './all.ts';

const things = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

test('results come in the order of the things', async () => {
  expect(await onAll(things, async ({ name }) => name.toUpperCase())).toEqual(['A', 'B', 'C']);
});

test('it waits for all before it fails, and names each that failed', async () => {
  const ended: string[] = [];
  const acting = onAll(things, async ({ name }) => {
    if (name === 'a') throw new Error('broken');
    await Promise.resolve();
    ended.push(name);
  });
  await expect(acting).rejects.toThrow(SomeFailedError);
  await expect(acting).rejects.toThrow(/1 of 3 failed:\n {2}a: broken/);
  expect(ended).toEqual(['b', 'c']);
});

test('with one thing only, its own error is thrown', async () => {
  await expect(onAll([{ name: 'a' }], () => Promise.reject(new RangeError('own')))).rejects.toThrow(RangeError);
});
