/**
 * The squatter: a process of ours in a node's side-car, which shares the node's network, that listens on a port of the node.
 *
 * It ends with its standard input, which is our connection to the engine: when the harness dies, so does it, and nobody has
 * to remember it. `timeout` ends it should everybody hang.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Commander, Engine, Running } from '@faultline/control';
import { isDead, type SideCar } from './table-owner.ts';

const ANSWER_MS = 5_000;
/** Node in a side-car, on a host that is busy. */
const START_MS = 20_000;

export interface Port {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** What it says to whoever asks it. It stands on its command line as well, where pkill finds it. */
const bannerOf = (fault: string): string => `faultline-squats-for-${fault}`;

/** Says its number, waits for a line, then listens; whoever comes is told the banner. */
const SQUATTER = `const [protocol, port, banner] = process.argv.slice(1);
const input = require('node:readline').createInterface({ input: process.stdin });
const fail = (error) => { console.log('refused ' + error.code); process.exit(1); };
const listening = () => console.log('listening');
const udp = () => {
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (_, who) => socket.send(banner, who.port, who.address));
  socket.on('error', fail).bind(Number(port), '0.0.0.0', listening);
};
const tcp = () => require('node:net').createServer((socket) => socket.on('error', () => {}).end(banner + '\\n'))
  .on('error', fail).listen(Number(port), '0.0.0.0', listening);
input.once('line', protocol === 'udp' ? udp : tcp).once('close', () => process.exit());
console.log(process.pid);`;

export interface Squatter extends AsyncDisposable {
  readonly pid: number;
  /** @throws Error when it is not given the port. */
  listen(signal: AbortSignal): Promise<void>;
}

interface Order extends Port {
  readonly fault: string;
  readonly ttlMs: number;
}

/** Ready to listen, and not listening yet. */
export async function startSquatter(
  engine: Engine,
  side: SideCar,
  { fault, protocol, port, ttlMs }: Order,
  signal: AbortSignal,
): Promise<Squatter> {
  const limit = ['timeout', '--signal=KILL', `${Math.ceil(ttlMs / 1000)}`];
  const process = await side.start([...limit, 'node', '-e', SQUATTER, protocol, String(port), bannerOf(fault)]);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => end(engine, side, process, fault));
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  const next = async (what: string, withinMs: number): Promise<string> => {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
    const line = await Promise.race([lines.next(), once(patience, 'abort')]);
    if (!Array.isArray(line) && !line.done) return line.value;
    throw new Error(`${side.name}: the squatter of ${port}/${protocol} did not ${what} within ${withinMs} ms`);
  };
  const pid = Number(await next('start', START_MS));
  const held = undo.move();
  return {
    pid,
    async listen() {
      process.stdin.write('listen\n');
      const line = await next('listen', ANSWER_MS);
      if (line !== 'listening')
        throw new Error(
          `${side.name}: the squatter was not given ${port}/${protocol}: ${line.replace('refused ', '')}`,
        );
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function end(engine: Engine, side: SideCar, process: Running, fault: string): Promise<void> {
  process.stdin.end();
  // The engine does not close the connection when the side-car dies, so there is no end to wait for then.
  if (!(await isDead(engine, side.container))) {
    const over = await Promise.race([
      process.exited.then(() => true),
      once(AbortSignal.timeout(ANSWER_MS), 'abort').then(() => false),
    ]);
    if (!over) await endSquatters(side, fault);
  }
  process.stdin.destroy();
}

/** By its banner, so also those that this process did not start. */
export async function endSquatters(side: Commander, fault: string): Promise<void> {
  // 1: none was there any more.
  await side.exec(['pkill', '--signal', 'KILL', '--full', `${bannerOf(fault)}$`], {
    accept: [0, 1],
    timeoutMs: ANSWER_MS,
  });
}

export interface Holder {
  /** Undefined for the kernel's own sockets: those of a VXLAN or WireGuard device. */
  readonly pid: number | undefined;
  readonly name: string;
}

/** Who listens on the port. What kube-proxy and the CNI lead elsewhere by rules, nobody listens on. */
export async function holdersOf(
  side: Commander,
  { protocol, port }: Port,
  options: { signal?: AbortSignal } = {},
): Promise<readonly Holder[]> {
  const argv = ['ss', '--no-header', '--listening', '--numeric', '--processes', `--${protocol}`, `sport = :${port}`];
  return parseHolders((await side.exec(argv, { ...options, timeoutMs: ANSWER_MS })).stdout);
}

export function parseHolders(text: string): readonly Holder[] {
  return text
    .split('\n')
    .filter((line) => line.trim())
    .flatMap((line): readonly Holder[] => {
      const users = [...line.matchAll(/\("([^"]+)",pid=(\d+),/g)];
      if (users.length === 0) return [{ pid: undefined, name: 'the kernel itself' }];
      return users.map(([, name = '', pid]) => ({ pid: Number(pid), name }));
    });
}

/** Tries to listen there as k3s would: on all addresses. */
const TRIAL = `const [protocol, port] = process.argv.slice(1);
const say = (what) => { console.log(what); process.exit(); };
const socket = protocol === 'udp' ? require('node:dgram').createSocket('udp4') : require('node:net').createServer();
socket.on('error', (error) => say(error.code));
socket[protocol === 'udp' ? 'bind' : 'listen'](Number(port), '0.0.0.0', () => say('free'));`;

export async function isDenied(side: Commander, { protocol, port }: Port, signal: AbortSignal): Promise<boolean> {
  const argv = ['node', '-e', TRIAL, protocol, String(port)];
  return (await side.exec(argv, { signal, timeoutMs: ANSWER_MS })).stdout.trim() === 'EADDRINUSE';
}

/** Who answers a client on the LAN at that port, in words: rules of the kernel come before any listener. */
export async function answersAt(
  witness: Commander | undefined,
  address: string,
  { protocol, port }: Port,
  fault: string,
  signal: AbortSignal,
): Promise<string> {
  if (!witness) return 'nobody on the LAN was there to ask';
  const where = `${protocol.toUpperCase()}:${address}:${port}${protocol === 'tcp' ? ',connect-timeout=2' : ''}`;
  // An HTTP server answers a line that is no request at once.
  const { stdout } = await witness.exec(['socat', '-t', '1', '-T', '2', '-', where], {
    signal,
    input: 'who\r\n\r\n',
    accept: 'any',
    timeoutMs: ANSWER_MS,
  });
  if (stdout.includes(bannerOf(fault))) return 'clients are answered by the squatter';
  const begin = /[\x20-\x7e]{1,40}/.exec(stdout)?.[0];
  return begin ? `clients are answered by another: "${begin}"` : 'clients get no answer there';
}
