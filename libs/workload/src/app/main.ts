/**
 * userlist: the app whose service is measured. API-compatible with `ssongman/userlist`, and besides it says who answered.
 *
 * Run by `node /app/main.ts` in a container without anything else: Node's own modules only, nothing written anywhere.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from './answer.ts';
import { echoOf } from './echo.ts';
import { selfFrom, type Self } from './self.ts';

/** Longer than proxies keep an idle connection (Traefik: 90 s), so that it is never us who closes one that is being used again. */
const KEEP_ALIVE_MS = 120_000;

const STATUS_OF_PARSER_ERROR: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function serverOf(self: Self, leaving: AbortSignal): Server {
  const server = createServer({ keepAlive: true, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    // A stream's headers promised to keep the connection long before we left: nothing else would end it.
    response.once('close', () => leaving.aborted && request.socket.end());
    answer({ self, request, response, leaving }).catch((error: unknown) => {
      // The client or the app left while the answer was still to come: there is nobody to tell.
      if (error instanceof Error && error.name === 'AbortError') return;
      process.stderr.write(`${String(error)}\n`);
      response.destroy();
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable) return void socket.destroy();
    const status = STATUS_OF_PARSER_ERROR[error.code ?? ''] ?? '400 Bad Request';
    socket.end(
      `HTTP/1.1 ${status}\r\nx-answered-by: ${self.pod}@${self.node}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    );
  });
  return server;
}

/** Says 503, ends streams, stops accepting, finishes what is in flight, and cuts off what takes longer than the grace. */
async function leave(server: Server, self: Self, leaving: AbortController): Promise<void> {
  leaving.abort();
  if (self.drainMs > 0) await pause(self.drainMs);
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  await Promise.race([closed, pause(self.graceMs)]);
  server.closeAllConnections();
}

const self = selfFrom(process.env);
const leaving = new AbortController();
const server = serverOf(self, leaving.signal);
const signalled = new Promise<void>((resolve) => {
  process.once('SIGTERM', resolve);
  process.once('SIGINT', resolve);
});
const echo = await echoOf(self);
server.listen({ port: self.port, host: self.listen }, () => {
  const ports = { listening: (server.address() as AddressInfo).port, echo: echo.address().port };
  process.stdout.write(`${JSON.stringify({ ...ports, pod: self.pod, node: self.node })}\n`);
});
await signalled;
await leave(server, self, leaving);
process.exit(0);
