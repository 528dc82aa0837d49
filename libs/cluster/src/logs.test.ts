import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { unframed } from './logs.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test('a log is what its frames hold, of both streams, in order', () => {
  expect(unframed(Buffer.concat([frame(1, 'one\n'), frame(2, 'zwei ü\n'), frame(1, '')])).toString()).toBe(
    'one\nzwei ü\n',
  );
});

test('a log that was cut off keeps what there is', () => {
  expect(unframed(Buffer.concat([frame(1, 'one\n'), frame(1, 'two\n').subarray(0, 10)])).toString()).toBe('one\ntw');
  expect(unframed(Buffer.alloc(0)).toString()).toBe('');
});
