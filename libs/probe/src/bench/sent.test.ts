import { expect, test } from 'vitest';
import { busySeconds, readSent } from './sent.ts';

const BEFORE = 'cpu  1000 20 300 9000 40 5 60 7 0 0';
const iperf = JSON.stringify({
  end: { sum_sent: { bytes: 2.1e9, retransmits: 3 }, sum_received: { bytes: 2e9, seconds: 2 } },
});
const at = (seconds: number, stat: string) => ({ at: seconds * 1e9, stat });

test('a host is busy with everything but idling, waiting for disks, and what its hypervisor took', () => {
  expect(busySeconds(BEFORE)).toBe(13.85);
  expect(busySeconds('cpu  1000 20 300 9999 99 5 60 99 0 0')).toBe(13.85);
  expect(busySeconds('cpu  1000 20 300 9000 40 5 160 7 0 0')).toBe(14.85);
});

test('an account that is none is refused, with what it began with', () => {
  expect(() => busySeconds('intr 1 2 3')).toThrow('/proc/stat begins with "intr 1 2 3" instead of "cpu"');
});

test('what was sent is what arrived, with what the host spent meanwhile and what it does anyway', () => {
  const idle = [at(0, BEFORE), at(1, 'cpu  1010 20 300 9190 40 5 60 7 0 0')] as const;
  const busy = [idle[1], at(3, 'cpu  1110 20 400 9190 40 5 110 7 0 0')] as const;
  const sent = readSent({ type: 'sent', iperf, idle, busy });
  expect(sent).toEqual({
    bytes: 2e9,
    seconds: 2,
    retransmits: 3,
    cpuSeconds: expect.closeTo(2.5),
    wallSeconds: 2,
    idleCpus: expect.closeTo(0.1),
  });
});

test('a test that does not say what arrived is no measurement', () => {
  const none = [at(0, BEFORE), at(1, BEFORE)] as const;
  expect(() => readSent({ type: 'sent', iperf: '{}', idle: none, busy: none })).toThrow('end.sum_received');
});
