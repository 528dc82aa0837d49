import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { echoReply, echoRequest } from './icmp.ts';

test('an echo reply is known by the probe and the whole sequence number in its data', () => {
  const reply = Buffer.from(echoRequest(3, 70_000));
  reply.writeUInt8(0, 0);
  expect(echoReply(reply)).toEqual({ probe: 3, sequence: 70_000 });
});

test('an echo request is no reply, and neither is a scrap', () => {
  expect(echoReply(echoRequest(1, 1))).toBeUndefined();
  expect(echoReply(Buffer.alloc(8))).toBeUndefined();
});
