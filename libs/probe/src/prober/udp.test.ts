/** The UDP probe of the prober's program, against sockets on loopback. */
import { Buffer } from 'node:buffer';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { classesOf, observe } from '../observe.rig.ts';
import { echoed } from './udp.ts';

/** A socket on loopback, and its port. */
async function listening(take: (datagram: Buffer, from: RemoteInfo, say: (answer: Buffer) => void) => void) {
  const socket = createSocket('udp4');
  socket.on('message', (datagram, from) =>
    take(datagram, from, (answer) => socket.send(answer, from.port, from.address)),
  );
  onTestFinished(() => void socket.close());
  await once(socket.bind(0, '127.0.0.1'), 'listening');
  return socket.address().port;
}

const echo = (datagram: Buffer) => Buffer.concat([datagram, Buffer.from(' pod-1@agent-0')]);
const udp = (port: number) =>
  ({
    name: 'it',
    kind: 'udp',
    rateHz: 100,
    timeoutMs: 100,
    from: 'here',
    to: 'there',
    address: '127.0.0.1',
    port,
  }) as const;

describe('a datagram', () => {
  test('that comes back is good, and says who sent it back', async () => {
    const port = await listening((datagram, _, say) => say(echo(datagram)));
    const { rows } = await observe([udp(port)], ({ rows: seen }) => seen.length >= 20);
    expect(classesOf(rows)).toEqual(['ok']);
    expect(new Set(rows.flatMap((row) => (row[4] === 'ok' ? [row[5]] : [])))).toEqual(new Set(['pod-1@agent-0']));
  });

  test('of each sample comes from another port', async () => {
    const ports = new Set<number>();
    const port = await listening((datagram, from, say) => {
      ports.add(from.port);
      say(echo(datagram));
    });
    const { rows } = await observe([udp(port)], ({ rows: seen }) => seen.length >= 30);
    expect(ports.size).toBeGreaterThanOrEqual(rows.filter((row) => row[4] === 'ok').length);
  });

  test('to a closed port is refused', async () => {
    const socket = createSocket('udp4');
    await once(socket.bind(0, '127.0.0.1'), 'listening');
    const { port } = socket.address();
    socket.close();
    const { rows } = await observe([udp(port)], ({ rows: seen }) => seen.length >= 10);
    expect(classesOf(rows)).toEqual(['refused']);
  });

  test('that does not come back is a timeout, and its socket is not kept', async () => {
    const port = await listening(() => {});
    const open: number[] = [];
    const { rows } = await observe([udp(port)], ({ rows: seen, pid }) => {
      void readdir(`/proc/${pid}/fd`).then((files) => open.push(files.length));
      return seen.length >= 200;
    });
    expect(classesOf(rows)).toEqual(['timeout']);
    // 10 on their way, and what Node has open besides.
    expect(Math.max(...open)).toBeLessThan(60);
    expect(open.length).toBeGreaterThan(5);
  });

  test('that comes back as another is a wrong answer', async () => {
    const port = await listening((_, __, say) => say(Buffer.from('hello')));
    const { rows } = await observe([udp(port)], ({ rows: seen }) => seen.length >= 10);
    expect(classesOf(rows)).toEqual(['wrong-answer']);
  });
});

test('an echo of another sample is none of this one', () => {
  expect(echoed('faultline it 1 17 pod-1@agent-0', 'faultline it 1 17')).toEqual({ answeredBy: 'pod-1@agent-0' });
  expect(echoed('faultline it 1 17', 'faultline it 1 17')).toEqual({ answeredBy: null });
  expect(echoed('faultline it 1 170 pod-1@agent-0', 'faultline it 1 17')).toBeUndefined();
});
