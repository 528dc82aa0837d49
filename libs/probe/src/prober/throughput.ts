/**
 * iperf3 on one side of a path, and what the whole host spent meanwhile: `serve <address> <port>`, `send <address> <port> <s>`.
 *
 * The processors' own account is read in here, right before and after: executing something in a container costs more than
 * what is measured. iperf3's own figure would leave out the kernel's work in interrupts, which an overlay is made of.
 * Ends, and takes iperf3 along, when its standard input does: it never outlives the harness.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** One line on standard output each. */
export type ThroughputLine =
  | { readonly type: 'listening' }
  | {
      readonly type: 'sent';
      /** What iperf3 printed: JSON of its own. */
      readonly iperf: string;
      /** The first line of /proc/stat, and CLOCK_MONOTONIC in nanoseconds: while nothing was sent, before, and after. */
      readonly idle: readonly [Reading, Reading];
      readonly busy: readonly [Reading, Reading];
    }
  | { readonly type: 'failed'; readonly why: string };

export interface Reading {
  readonly at: number;
  readonly stat: string;
}

/** As long as nothing is sent, the host's account is that of everything else on it. */
const IDLE_MS = 1000;

const say = (line: ThroughputLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const read = (): Reading => ({
  at: Number(process.hrtime.bigint()),
  stat: readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '',
});

type Iperf = ChildProcessByStdio<null, Readable, Readable>;

function iperf3(args: readonly string[]): Iperf {
  const child = spawn('iperf3', [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  process.stdin.on('end', () => child.kill('SIGKILL')).resume();
  child.on('error', (error) => say({ type: 'failed', why: error.message }));
  return child;
}

function textOf(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

/** One test, then it ends. */
async function serve(address: string, port: string): Promise<void> {
  const server = iperf3(['--server', '--one-off', '--forceflush', '--bind', address, '--port', port]);
  const complaint = textOf(server.stderr);
  let said = '';
  server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const before = said;
    said += chunk;
    if (said.includes('listening') && !before.includes('listening')) say({ type: 'listening' });
  });
  const [code] = (await once(server, 'close')) as [number | null];
  if (code !== 0) say({ type: 'failed', why: complaint().trim() || said.trim() || `iperf3 ended with code ${code}` });
}

async function send(address: string, port: string, seconds: string): Promise<void> {
  const idleFrom = read();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const from = read();
  const client = iperf3(['--client', address, '--port', port, '--time', seconds, '--json']);
  const [printed, complaint] = [textOf(client.stdout), textOf(client.stderr)];
  const [code] = (await once(client, 'close')) as [number | null];
  const to = read();
  const why = errorIn(printed()) ?? (code === 0 ? undefined : complaint().trim() || `iperf3 ended with code ${code}`);
  if (why === undefined) say({ type: 'sent', iperf: printed(), idle: [idleFrom, from], busy: [from, to] });
  else say({ type: 'failed', why });
}

/** With --json it complains in its JSON, and ends with 0 all the same (seen with 3.12). */
function errorIn(printed: string): string | undefined {
  try {
    return (JSON.parse(printed) as { readonly error?: string }).error;
  } catch {
    return undefined;
  }
}

const [role, address = '', port = '', seconds = ''] = process.argv.slice(2);
await (role === 'serve' ? serve(address, port) : send(address, port, seconds));
process.exit(0);
