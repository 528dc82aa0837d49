import { elapse } from '@faultline/control';
import { describe, expect, test } from 'vitest';
import { intendedAt, latestAfter, now, runSchedule, sendDue, stagger, type Sample, type Sender } from './schedule.ts';

function notebook(): Sender & { readonly sent: number[]; readonly missed: number[] } {
  const sent: number[] = [];
  const missed: number[] = [];
  const write = (into: number[]) => (sample: Sample) => void into.push(sample.sequence);
  return { sent, missed, send: write(sent), miss: write(missed) };
}

const ms = (value: number) => value * 1e6;

describe('the schedule', () => {
  test('is absolute: sample n is due n periods after the first, without drift', () => {
    const [stream] = stagger([300], 1000);
    expect(stream && intendedAt(stream, 3_000_000)).toBe(1000 + 10_000 * 1e9);
  });

  test('staggers streams within the shortest period, so that no two ever meet', () => {
    const streams = stagger([200, 100, 100, 10], 0);
    const instants = streams.flatMap((stream) =>
      Array.from({ length: 20 }, (_, sequence) => intendedAt(stream, sequence)),
    );
    expect(new Set(instants).size).toBe(instants.length);
    expect(streams.map(({ start }) => start)).toEqual([0, ms(1.25), ms(2.5), ms(3.75)]);
  });

  test('sends what is due, and says when the next is due', () => {
    const sender = notebook();
    const next = [0];
    const due = sendDue(stagger([100], 0), [sender], next, () => ms(10.5));
    expect({ sent: sender.sent, next, due }).toEqual({ sent: [0, 1], next: [2], due: ms(20) });
  });

  test('sends nothing before its time', () => {
    const sender = notebook();
    expect(sendDue(stagger([100], ms(5)), [sender], [0], () => ms(4.9))).toBe(ms(5));
    expect(sender.sent).toEqual([]);
  });

  test('after a hold-up gives up what is more than two periods late and 20 ms, and sends the rest late', () => {
    const sender = notebook();
    sendDue(stagger([200], 0), [sender], [0], () => ms(100));
    expect(sender.missed).toEqual([...Array(16).keys()]);
    expect(sender.sent).toEqual([16, 17, 18, 19, 20]);
  });

  test('of a slow stream sends late up to two periods', () => {
    expect(stagger([10], 0).map(latestAfter)).toEqual([ms(200)]);
  });

  test('that is punctual keeps to its times better than any timer', async () => {
    // Of periods that are no whole milliseconds, so that plain timers are late by anything up to one.
    const late: number[] = [];
    const sender = { send: ({ intended }: Sample) => void late.push(now() - intended), miss: () => {} };
    using _running = runSchedule(stagger([130], now() + ms(10)), [sender], { punctual: true });
    await elapse(800, AbortSignal.timeout(5000));
    expect(late.length).toBeGreaterThan(90);
    expect(late.toSorted((a, b) => a - b)[Math.floor(late.length / 2)]).toBeLessThan(ms(0.2));
  });
});
