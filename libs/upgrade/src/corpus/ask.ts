/** Asks a Traefik, as a client on the LAN: one request, one connection. */
import type { Commander } from '@faultline/control';
import type { Door, Reply, Request } from '../assertion.ts';

const WITHIN_S = 5;

/** Never throws: that there was no answer is an answer. */
export async function ask(client: Commander, door: Door, request: Request, signal: AbortSignal): Promise<Reply> {
  const { host, path, scheme = 'http', method = 'GET', headers = {} } = request;
  const to = `::${door.address}:${scheme === 'https' ? door.https : door.http}`;
  const given = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const how = ['--silent', '--show-error', '--include', '--insecure', '--http1.1', '--path-as-is'];
  const limits = ['--max-time', String(WITHIN_S), '--connect-to', to, '--request', method];
  return replyOf(client, ['curl', ...how, ...limits, ...given, `${scheme}://${host}${path}`], signal);
}

export async function askUrl(client: Commander, url: string, signal: AbortSignal): Promise<Reply> {
  const how = ['--silent', '--show-error', '--include', '--http1.1', '--max-time', String(WITHIN_S)];
  return replyOf(client, ['curl', ...how, url], signal);
}

async function replyOf(client: Commander, argv: readonly string[], signal: AbortSignal): Promise<Reply> {
  const { stdout, stderr, exitCode } = await client.exec(argv, { signal, accept: 'any' });
  return exitCode === 0 ? parsed(stdout) : { status: 0, headers: {}, body: '', error: stderr.trim() };
}

/** What `curl --include` prints: the head of the answer, an empty line, the body. */
export function parsed(text: string): Reply {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: text.slice(end + 4),
    error: '',
  };
}
