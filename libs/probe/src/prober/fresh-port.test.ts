import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshPort, fromFreshPort, holdPort, turnAt } from './fresh-port.ts';

let server: Server;
const seen: number[] = [];
beforeEach(async () => {
  seen.length = 0;
  server = createServer((socket) => {
    seen.push(socket.remotePort ?? 0);
    socket.on('error', () => undefined);
    socket.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

const destination = () => ({ address: '127.0.0.1', port: (server.address() as AddressInfo).port });

async function connectOnce(): Promise<number> {
  const { address, port } = destination();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  fromFreshPort(
    { address, port },
    (localPort) => {
      const socket = connect({ host: address, port, localPort });
      socket.once('connect', () => {
        resolve(socket.localPort ?? 0);
        socket.resetAndDestroy();
      });
      return socket;
    },
    reject,
  );
  return promise;
}

test('connections to one destination come from one port after the other', async () => {
  const first = await connectOnce();
  expect([await connectOnce(), await connectOnce()]).toEqual([first + 1, first + 2]);
});

test('a port that is taken is passed over', async () => {
  const first = await connectOnce();
  const taken = createServer().listen(first + 1, '127.0.0.1');
  await once(taken, 'listening');
  try {
    expect(await connectOnce()).toBe(first + 2);
  } finally {
    taken.close();
  }
});

test('another error is told, and not tried again', async () => {
  const there = destination();
  server.close();
  await once(server, 'close');
  const opened: number[] = [];
  const { promise, resolve } = Promise.withResolvers<Error>();
  const open = (localPort: number) => {
    opened.push(localPort);
    return connect({ host: there.address, port: there.port, localPort });
  };
  fromFreshPort(there, open, resolve);
  expect(await promise).toMatchObject({ code: 'ECONNREFUSED' });
  expect(opened).toHaveLength(1);
});

test('the port of a kept connection is passed over for as long as it lasts', () => {
  const there = { address: '192.0.2.1', port: 80 };
  const socket = new EventEmitter();
  const first = freshPort(there);
  holdPort(there, first + 2, socket);
  expect([freshPort(there), freshPort(there)]).toEqual([first + 1, first + 3]);
  // Once round.
  while (freshPort(there) !== first + 1);
  socket.emit('close');
  expect(freshPort(there)).toBe(first + 2);
});

test('a prober takes none of the ports that the one before it took in the last three minutes', () => {
  const began = 65_416_400_000_000;
  const ended = began + 37_000_000_000;
  const taken = Array.from({ length: 37 * 300 }, (_, index) => 11_000 + ((turnAt(began) - 11_000 + index) % 54_536));
  const next = Array.from({ length: 140 * 300 }, (_, index) => 11_000 + ((turnAt(ended) - 11_000 + index) % 54_536));
  const known = new Set(taken);
  expect(next.filter((port) => known.has(port))).toEqual([]);
  expect(turnAt(began + 54_536 * (1_000_000_000 / 300))).toBe(turnAt(began));
});
