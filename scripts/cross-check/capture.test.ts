import { describe, expect, test } from 'vitest';
import { attempts, longestOutage, TSHARK } from './capture.ts';

const START = 1_795_273_200;

/** tshark's lines for a SYN every 5 ms, answered 0.4 ms later unless it was sent within the outage (seconds). */
function capture(outages: readonly (readonly [from: number, to: number])[], seconds = 10): string {
  const lines = Array.from({ length: seconds * 200 }, (_, stream) => {
    const sent = stream / 200;
    const line = (at: number, flags: string): string => `${(START + at).toFixed(9)}\t${stream}\t${flags}`;
    const isLost = outages.some(([from, to]) => sent >= from && sent < to);
    return isLost ? [line(sent, '0x0002')] : [line(sent, '0x0002'), line(sent + 0.0004, '0x0012')];
  });
  return `${lines.flat().join('\n')}\n`;
}

describe('the outage of a capture', () => {
  test('is from the last answered SYN to the next answered one, by their send times', () => {
    const found = longestOutage(attempts(capture([[2, 5.535]])));
    expect(found?.goodToGood).toBeCloseTo(3540, 0);
    expect(found?.byLoss).toBeCloseTo(3535, 0);
    expect(found?.lost).toBe(707);
  });

  test('is the longest one', () => {
    expect(
      longestOutage(
        attempts(
          capture([
            [1, 1.2],
            [3, 6],
            [8, 8.5],
          ]),
        ),
      )?.goodToGood,
    ).toBeCloseTo(3005, 0);
  });

  test('is none where every SYN was answered, and none that never ended', () => {
    expect(longestOutage(attempts(capture([])))).toBeUndefined();
    expect(longestOutage(attempts(capture([[5, 99]])))).toBeUndefined();
    expect(longestOutage([])).toBeUndefined();
  });

  test('is not longer because nothing was sent', () => {
    const quiet = attempts(capture([[2, 2.02]])).filter(
      ({ sent }) => sent / 1000 - START < 4 || sent / 1000 - START > 8,
    );
    expect(longestOutage(quiet)?.goodToGood).toBeCloseTo(25, 0);
  });
});

describe('an attempt', () => {
  const line = (at: number, stream: number, flags: string): string => `${START + at}\t${stream}\t${flags}`;
  const only = (...lines: readonly string[]) => attempts(lines.join('\n'))[0]?.answered;

  test('is answered by a SYN/ACK, also by one that speaks of congestion', () => {
    expect(only(line(0, 0, '0x0002'), line(0.1, 0, '0x0012'))).toBe(true);
    expect(only(line(0, 0, '0x00c2'), line(0.1, 0, '0x00000052'))).toBe(true);
  });

  test('is not answered by its own repetition, nor by somebody else, nor too late', () => {
    expect(only(line(0, 0, '0x0002'), line(0.1, 0, '0x0002'))).toBe(false);
    expect(only(line(0, 0, '0x0002'), line(0.1, 1, '0x0012'))).toBe(false);
    expect(only(line(0, 0, '0x0002'), line(0.3, 0, '0x0012'))).toBe(false);
  });

  test('that began before the capture is none', () => {
    expect(attempts(line(0, 0, '0x0012'))).toEqual([]);
  });
});

test.each(['nonsense', `${START}\t1`, `${START}\tx\t0x0002`, '\t1\t0x0002'])(
  'what is not a packet is refused: %j',
  (line) => {
    expect(() => attempts(line)).toThrow(/tshark wrote/);
  },
);

test('tshark is asked for what is read', () => {
  expect(TSHARK.filter((word) => /^(frame|tcp)\.\w+$/.test(word))).toEqual([
    'frame.time_epoch',
    'tcp.stream',
    'tcp.flags',
  ]);
});
