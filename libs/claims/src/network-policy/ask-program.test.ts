/** The program as it runs beside pods, here on loopback: open, refused and silent ports of both protocols. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { ASK_PROGRAM } from './ask-program.ts';

test('it says of each target whether it answered, in their order, again and again', { timeout: 60_000 }, async () => {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  const echo = createSocket('udp4', (message, { port, address }) => echo.send(message, port, address));
  const mute = createSocket('udp4').bind(0, '127.0.0.1');
  echo.bind(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(echo, 'listening'), once(mute, 'listening')]);
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const portOf = (one: { address(): unknown }) => (one.address() as { port: number }).port;
  const refused = portOf(closed);
  closed.close();

  // Long enough for a host that has much else to do: only the mute one has to wait for it.
  const program = spawn(process.execPath, ['-e', ASK_PROGRAM, '3000']);
  const lines = createInterface({ input: program.stdout });
  const address = '127.0.0.1';
  const targets = [
    { protocol: 'TCP', address, port: portOf(server) },
    { protocol: 'TCP', address, port: refused },
    { protocol: 'UDP', address, port: portOf(echo) },
    { protocol: 'UDP', address, port: portOf(mute) },
  ];
  for (let round = 0; round < 2; round++) {
    program.stdin.write(`${JSON.stringify(targets)}\n`);
    const [line] = (await once(lines, 'line')) as [string];
    expect(JSON.parse(line)).toEqual([true, false, true, false]);
  }
  program.stdin.end();
  expect((await once(program, 'exit'))[0]).toBe(0);
  server.close();
  echo.close();
  mute.close();
});
