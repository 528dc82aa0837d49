import { expect, test } from 'vitest';
import { queueOf, rootQueue } from './queues.ts';

test('each fault of a queue is what tc takes', () => {
  const lines = [
    queueOf('delay', { ms: 100, jitterMs: 0 }),
    queueOf('delay', { ms: 100, jitterMs: 20 }),
    queueOf('reorder', { percent: 25, ms: 10 }),
    queueOf('duplicate', { percent: 0.5 }),
    queueOf('corrupt', { percent: 1 }),
    queueOf('rate', { kbit: 1000 }),
    queueOf('rate', { kbit: 100_000 }),
  ].map((words) => words.join(' '));
  expect(lines).toEqual([
    'netem limit 10000 delay 100ms',
    'netem limit 10000 delay 100ms 20ms',
    'netem limit 10000 delay 10ms reorder 25%',
    'netem limit 10000 duplicate 0.5%',
    'netem limit 10000 corrupt 1%',
    'tbf rate 1000kbit burst 3200b latency 200ms',
    'tbf rate 100000kbit burst 250000b latency 200ms',
  ]);
});

test('what is no fault of a queue is none', () => {
  expect(() => queueOf('loss', { percent: 1 })).toThrow('loss is no fault of a queue');
  expect(() => queueOf('constructor', {})).toThrow('constructor is no fault of a queue');
});

test('the root queue is the one that counts, with what it held back', () => {
  const child = { kind: 'pfifo', parent: '1:1', packets: 3 };
  const tbf = { kind: 'tbf', root: true, packets: 40, overlimits: 7, drops: 2 };
  expect(rootQueue(JSON.stringify([child, tbf]))).toEqual({ kind: 'tbf', packets: 40, limited: 9 });
  expect(rootQueue(JSON.stringify([{ kind: 'noqueue', root: true }]))).toEqual({
    kind: 'noqueue',
    packets: 0,
    limited: 0,
  });
  expect(rootQueue('[]').kind).toBe('none');
});
