/**
 * Asks Traefiks on loopback: run by node in a container whose loopback has the addresses that clients are to come from.
 *
 * Standard input: what to ask, as JSON; standard output: a status for each request, 0 where there was no answer. Behind the
 * Traefiks stands a server of its own, which takes all that comes.
 */
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { text } from 'node:stream/consumers';

interface Asked {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly from: string;
  /** Names and values in turn, as they are sent. */
  readonly headers: readonly string[];
}

interface Errand {
  readonly backend: number;
  readonly requests: readonly Asked[];
}

const AT_ONCE = 32;
const WITHIN_MS = 5000;

function ask({ port, method, path, from, headers }: Asked): Promise<number> {
  return new Promise((resolve) => {
    const host = from.includes(':') ? '::1' : '127.0.0.1';
    const options = {
      host,
      port,
      method,
      path,
      localAddress: from,
      headers: [...headers],
      agent: false,
      setHost: false,
    };
    const asked = send({ ...options, timeout: WITHIN_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(0));
    asked.end();
  });
}

const { backend, requests } = JSON.parse(await text(process.stdin)) as Errand;
const server = createServer((_request, response) => void response.end('taken\n')).listen(backend, '127.0.0.1');
await once(server, 'listening');
const statuses: number[] = [];
let next = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let at = next++; at < requests.length; at = next++) statuses[at] = await ask(requests[at] as Asked);
  }),
);
process.stdout.write(JSON.stringify(statuses));
server.close();
server.closeAllConnections();
