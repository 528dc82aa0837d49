/** Asks what somebody's routes answer, as a client on the LAN does: one request, one connection. */
import type { Commander } from '@faultline/control';
import { called, requestsOf, type KubeObject, type RouteRequest } from '@faultline/traefik';

const WITHIN_S = 5;
/** Each is a process in the client. */
const AT_ONCE = 6;

export interface Asked {
  readonly route: string;
  readonly request: string;
  /** 0: there was no answer, and `error` says why. */
  readonly status: number;
  readonly error: string;
}

/** Every route, in the order of the objects. */
export async function askRoutes(
  objects: readonly KubeObject[],
  { client, address, signal }: { client: Commander; address: string; signal: AbortSignal },
): Promise<readonly Asked[]> {
  const all = objects.flatMap((object) => requestsOf(object).map((request) => ({ route: called(object), request })));
  const asked: Asked[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const group = all.slice(at, at + AT_ONCE);
    asked.push(
      ...(await Promise.all(
        group.map(async ({ route, request }) => ({ route, ...(await ask(client, address, request, signal)) })),
      )),
    );
  }
  return asked;
}

/** Never throws: that there was no answer is an answer. */
async function ask(
  client: Commander,
  address: string,
  { host, path, scheme = 'http', method = 'GET', headers = {} }: RouteRequest,
  signal: AbortSignal,
): Promise<Omit<Asked, 'route'>> {
  const url = `${scheme}://${host}${path}`;
  // curl takes a header that begins with @ for a file.
  const named = Object.entries(headers).filter(([name]) => /^[A-Za-z0-9-]+$/.test(name));
  const given = named.flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const how = [
    '--silent',
    '--show-error',
    '--insecure',
    '--http1.1',
    '--path-as-is',
    '--globoff',
    '--output',
    '/dev/null',
  ];
  const limits = ['--max-time', String(WITHIN_S), '--connect-to', `::${address}:${scheme === 'https' ? 443 : 80}`];
  const argv = ['curl', ...how, ...limits, '--request', method, '--write-out', '%{http_code}', ...given, '--url', url];
  const { stdout, stderr, exitCode } = await client.exec(argv, { signal, accept: 'any' });
  return { request: `${method} ${url}`, status: exitCode === 0 ? Number(stdout) : 0, error: stderr.trim() };
}
