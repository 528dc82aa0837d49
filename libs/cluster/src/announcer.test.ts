import type { Commander } from '@faultline/control';
import { expect, test } from 'vitest';
import { whoHas } from './announcer.ts';

const client = (stdout: string, exitCode = 0): Commander => ({
  name: 'client',
  exec: async () => ({ stdout, stderr: '', exitCode, durationMs: 1 }),
  start: () => Promise.reject(new Error('not here')),
  copyIn: () => Promise.reject(new Error('not here')),
});

test('the MAC that answers, lower case', async () => {
  expect(await whoHas(client('02:42:C6:12:00:0A\n'), '198.18.0.200')).toEqual(['02:42:c6:12:00:0a']);
});

test('two answers are both seen, the first one first', async () => {
  expect(await whoHas(client('02:42:c6:12:00:0b\n02:42:c6:12:00:0a\n02:42:c6:12:00:0b\n'), 'x')).toEqual([
    '02:42:c6:12:00:0b',
    '02:42:c6:12:00:0a',
  ]);
});

test('no answer is nobody', async () => {
  expect(await whoHas(client('', 1), 'x')).toEqual([]);
});
