import { announcerKilled, failedOver } from '@faultline/checker';
import { expect, test, vi } from 'vitest';
import { signIn } from './sign.ts';

// Whole histories are judged, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const outage = (atLeastMs: number, atMostMs: number) =>
  ({ check: 'outage', probe: 'edge-http-new', atLeastMs, atMostMs }) as const;

test('a run shows a sign, whatever its scenario expected of it', () => {
  const events = failedOver(7);
  const { shown, saw } = signIn(events, outage(100, 60_000));
  expect(saw).toContain('edge-http-new was out for');
  expect(shown).toBe(true);
  expect(signIn(events, outage(300_000, 360_000)).shown).toBe(false);
});

test('what the thread tells of and what the twin shows are told apart by the same sign', () => {
  expect(signIn(announcerKilled(7, 3.12), outage(2000, 4000)).shown).toBe(true);
  expect(signIn(announcerKilled(7, 6), outage(2000, 4000))).toMatchObject({
    shown: false,
    saw: expect.stringContaining('expected 2.00 s to 4.00 s') as string,
  });
});

test('where nothing was asked, nothing is told', () => {
  const events = failedOver(7);
  expect(signIn(events, { ...outage(1, 2), probe: 'nobody' })).toMatchObject({ shown: null });
  const cutOff = events.filter(({ type }) => type !== 'run.end' && !type.startsWith('fault'));
  expect(signIn(cutOff, outage(100, 60_000)).shown).toBeNull();
});
