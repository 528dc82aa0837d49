import type { CheckResult, Verdict } from '@faultline/checker';
import type { RunEvent, Stamped } from '@faultline/history';
import { expect, test } from 'vitest';
import type { Ran } from '../bundle/bundle.ts';
import { exampleBundle } from '../bundle/example.ts';
import { judgeReplay } from './judge-replay.ts';

const { about } = exampleBundle();
const history = (...events: readonly RunEvent[]): readonly Stamped[] =>
  events.map((event, seq) => ({ ...event, seq, at: seq, wall: '2026-11-22T01:30:00.000Z' }));
const end: RunEvent = { type: 'run.end', outcome: 'completed' };
const compared = (now: string | null): RunEvent => ({ type: 'replay.compared', what: 'x', captured: '1', now });
const verdict = (outcome: Verdict['outcome'], ...failing: readonly string[]): Verdict => {
  const checks = failing.map((check): CheckResult => ({ check, outcome: 'fail', reason: check }));
  return { outcome, reason: `it is ${outcome}`, checks } as unknown as Verdict;
};
const ran = (outcome: Ran['outcome'], ...failing: readonly string[]): Ran => ({ outcome, reason: '', failing });
const ofRun = (captured: Ran, now: Verdict) =>
  judgeReplay(history(end), { about: { ...about, seen: [], ran: captured }, verdict: now });

test('everything as it was captured is the same', () => {
  expect(judgeReplay(history(compared('1'), end), { about, verdict: null }).outcome).toBe('same');
});

test('one thing that is otherwise differs, and is named', () => {
  const found = judgeReplay(history(compared('1'), compared('2'), compared(null), end), { about, verdict: null });
  expect(found).toMatchObject({ outcome: 'differs', reason: 'x: 1, now 2, and 1 more' });
});

test('what was never looked for is no sameness', () => {
  expect(judgeReplay(history(end), { about, verdict: null }).outcome).toBe('inconclusive');
  const failed: RunEvent = { type: 'run.end', outcome: 'failed', error: 'the disk is full' };
  expect(judgeReplay(history(failed), { about, verdict: null })).toMatchObject({ reason: 'the disk is full' });
});

test('a run that fails as it failed is the same; of other checks, or not at all, it is not', () => {
  expect(ofRun(ran('fail', 'outage'), verdict('fail', 'outage'))).toMatchObject({
    outcome: 'same',
    reason: 'fail as then of the same checks: outage',
  });
  expect(ofRun(ran('fail', 'outage'), verdict('fail', 'owner')).reason).toBe(
    'fail as then, otherwise: no longer failing: outage; failing now: owner',
  );
  expect(ofRun(ran('fail', 'outage'), verdict('pass')).outcome).toBe('differs');
});

test('a run that came to nothing says nothing', () => {
  expect(ofRun(ran('fail', 'outage'), verdict('inconclusive')).outcome).toBe('inconclusive');
});

test('what was done for the first time is told with what it came to', () => {
  const first = judgeReplay(history(compared('1'), end), { about, verdict: verdict('fail', 'outage') });
  expect(first).toMatchObject({ outcome: 'same', reason: '1 things are as they were captured; fail: it is fail' });
});
