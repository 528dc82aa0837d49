import { expect, test } from 'vitest';
import { answersOf } from './alive.ts';
import { handlesIn } from './reference.ts';
import { turns } from './turns.ts';

test('one answer of three is an answer, none is silence', () => {
  const said = '198.18.0.10 : 0.04 0.05 0.04\n198.18.0.11 : - 0.31 -\n198.18.0.12 : - - -\n';
  expect([...answersOf(said)]).toEqual(['198.18.0.10', '198.18.0.11']);
});

test('a table that was made again has other numbers, though its text is the same', () => {
  const listing = (table: number) =>
    [
      `table inet faultline_fault_0 { # handle ${table} progname nft`,
      '\tchain inbound { # handle 1',
      '\t\tudp dport 8472 counter packets 9 bytes 1 drop # handle 2',
    ].join('\n');
  expect(handlesIn(listing(7))).toBe('7.1.2');
  expect(handlesIn(listing(8))).toBe('8.1.2');
});

test('who waits for a turn gets it after the one before, also when that one failed', async () => {
  const turn = turns();
  const did: string[] = [];
  const first = turn(async () => {
    await new Promise(setImmediate);
    did.push('first');
    throw new Error('it failed');
  });
  const second = turn(async () => did.push('second'));
  await expect(first).rejects.toThrow('it failed');
  await second;
  expect(did).toEqual(['first', 'second']);
});
