/** Streams through a node, one of datagrams and one of pings, every 5 ms: what a fault does to traffic is read from them. */
import { createInterface } from 'node:readline';
import type { Cluster, ClusterNode } from '@faultline/cluster';
import { done, elapse, notYet, waitFor, type Running } from '@faultline/control';
import { MILLISECOND, systemClock } from '@faultline/history';
import { PORT } from './draw.ts';
import { EVERY_MS, isCutBefore, restoredAfter, TOLD_MS } from './stream.ts';

const ECHO = `const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (message, from) => socket.send(message, from.port, from.address, () => {}));
socket.on('error', () => process.exit()).bind(${PORT});
process.stdin.resume().on('end', () => process.exit());`;

/** From the port that it sends to, so that a block of what leaves the node for that port stops the answers. */
const DATAGRAMS = `const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true });
socket.on('message', () => console.log(String(process.hrtime.bigint())));
socket.bind(${PORT}, () => setInterval(() => socket.send('x', ${PORT}, process.argv[1], () => {}), ${EVERY_MS}));
process.stdin.resume().on('end', () => process.exit());`;

/** ping says the wall time; the difference to the clock that all containers share is taken here, once. */
const PINGS = `const offset = Date.now() * 1e6 - Number(process.hrtime.bigint());
const ping = require('node:child_process').spawn('ping', ['-n', '-D', '-i', '${EVERY_MS / 1000}', '-W', '1', process.argv[1]]);
require('node:readline').createInterface({ input: ping.stdout }).on('line', (line) => {
  const at = /^\\[([0-9.]+)\\] .* time=/.exec(line);
  if (at) console.log(String(Math.round(Number(at[1]) * 1e9 - offset)));
});
process.stdin.resume().on('end', () => { ping.kill(); process.exit(); });`;

/** Both are watched; which of them say anything depends on the fault. */
export type StreamName = 'datagrams' | 'pings';

export interface Traffic extends AsyncDisposable {
  /** Waits until every stream has answers. @throws DeadlineError */
  flowing(): Promise<void>;
  /**
   * Waits for the streams of these names to be back. The instants are of the run's clock.
   * @returns milliseconds from the kill until the last of them was, at most `withinMs`; null: none was cut.
   */
  restored(names: readonly StreamName[], span: Span, withinMs: number): Promise<number | null>;
}

export interface Span {
  readonly killed: number;
  readonly undone: number;
}

interface Stream {
  readonly name: StreamName;
  readonly answers: readonly number[];
}

export async function startTraffic(
  client: Cluster['client'],
  node: ClusterNode,
  echoIn: 'node' | 'side',
): Promise<Traffic> {
  await using undo = new AsyncDisposableStack();
  const use = (running: Running) => (undo.defer(() => letGo(running)), running);
  use(await (echoIn === 'node' ? node : node.side).start(['node', '-e', ECHO]));
  const listen = async (name: StreamName, program: string): Promise<Stream> => {
    const { stdout } = use(await client.start(['node', '-e', program, node.address]));
    const answers: number[] = [];
    createInterface({ input: stdout }).on('line', (line) => answers.push(Number(line) / MILLISECOND));
    return { name, answers };
  };
  const streams = [await listen('datagrams', DATAGRAMS), await listen('pings', PINGS)];
  const held = undo.move();
  return {
    async flowing() {
      for (const { name, answers } of streams)
        await waitFor(
          `${name} through ${node.name}`,
          async () =>
            isCutBefore(answers, systemClock.now() / MILLISECOND)
              ? notYet(`${answers.length} answers so far`)
              : done(undefined),
          { withinMs: 20_000 },
        );
    },
    async restored(names, span, withinMs) {
      const asked = streams.filter(({ name }) => names.includes(name));
      const times = await Promise.all(asked.map(({ answers }) => restored(answers, span, withinMs)));
      const cut = times.filter((ms) => ms !== null);
      return cut.length === 0 ? null : Math.round(Math.max(...cut));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Its container may have died: then nobody is there to end. */
async function letGo(running: Running): Promise<void> {
  running.stdin.end();
  const isOver = await Promise.race([
    running.exited.then(() => true),
    waitFor('the end', async () => notYet('it runs'), { withinMs: 1_000 }).catch(() => false),
  ]);
  if (!isOver) running.stdin.destroy();
}

async function restored(
  answers: readonly number[],
  { killed, undone }: Span,
  withinMs: number,
): Promise<number | null> {
  await elapse(TOLD_MS, new AbortController().signal);
  return await waitFor(
    'traffic',
    async () => {
      const ms = restoredAfter(answers, killed / MILLISECOND, undone / MILLISECOND);
      return ms === undefined ? notYet(`${answers.length} answers`) : done(ms);
    },
    { withinMs, everyMs: 50 },
  ).catch(() => withinMs);
}
