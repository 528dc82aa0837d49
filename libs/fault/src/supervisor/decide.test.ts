import { SECOND } from '@faultline/history';
import { expect, test } from 'vitest';
import type { Intent } from '../ledger/entry.ts';
import { decide, type Knowledge } from './decide.ts';

const intent = (fault: string, expires = 100 * SECOND): Intent => ({
  type: 'intent',
  fault,
  kind: 'node-pause',
  parameters: {},
  node: 'agent-0',
  container: 'a'.repeat(64),
  side: 'b'.repeat(64),
  expires,
});
const alive: Knowledge = {
  now: 50 * SECOND,
  lastBeat: 49.9 * SECOND,
  closed: false,
  bye: false,
  inForce: [intent('fault-0'), intent('fault-1')],
};
const undone = (knowledge: Partial<Knowledge>) => decide({ ...alive, ...knowledge }).undo.map(({ fault }) => fault);

test('while the harness lives, nothing is undone', () => {
  expect(decide(alive)).toEqual({ undo: [], leave: false, why: 'the harness lives' });
});

test('when the harness is gone, everything is undone, the latest first', () => {
  expect(undone({ closed: true })).toEqual(['fault-1', 'fault-0']);
  expect(decide({ ...alive, closed: true })).toMatchObject({ leave: true, why: 'the harness is gone' });
});

test('a silence of up to two seconds is a busy harness, a longer one a dead one', () => {
  expect(undone({ lastBeat: 48 * SECOND })).toEqual([]);
  expect(undone({ lastBeat: 48 * SECOND - 1 })).toEqual(['fault-1', 'fault-0']);
});

test('a fault outlives its time by nothing, though the harness lives', () => {
  const decision = decide({ ...alive, inForce: [intent('fault-0', 49 * SECOND), intent('fault-1')] });
  expect(decision.undo.map(({ fault }) => fault)).toEqual(['fault-0']);
  expect(decision.leave).toBe(false);
});

test('goodbye is believed only when nothing is in force', () => {
  expect(decide({ ...alive, bye: true, inForce: [] })).toMatchObject({ undo: [], leave: true });
  expect(decide({ ...alive, bye: true })).toMatchObject({ undo: [], leave: false });
  expect(undone({ bye: true, closed: true })).toEqual(['fault-1', 'fault-0']);
});
