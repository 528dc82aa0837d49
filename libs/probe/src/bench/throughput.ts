/** How much a path carries, and what the host spends on it: one test of iperf3 between two places of ours. */
import type { Commander } from '@faultline/control';
import { FOLDER, linesOf, programFiles } from '../program.ts';
import type { ThroughputLine } from '../prober/throughput.ts';
import { readSent, type Sent } from './sent.ts';

/** One end of a path: where iperf3 runs, and in whose network namespace. */
export interface PathEnd {
  readonly commander: Commander;
  /** Path of the network namespace to enter; undefined: where the commander is. */
  readonly netns?: string;
}

export interface ThroughputOptions {
  readonly from: PathEnd;
  readonly to: PathEnd & { readonly address: string };
  /** 1 to 10: what is sent is bounded by it, for iperf3 takes a time or a number of bytes, and not both. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** iperf3's own: nothing of k3s or of ours listens there. */
const PORT = '5201';
const LISTENING_WITHIN_MS = 15_000;
/** For loading the program, the idle second before, and iperf3's own handshake. */
const MORE_MS = 20_000;

/** Copies our programs to where they run; once for each container is enough. */
export async function prepareThroughput(commander: Commander, signal: AbortSignal): Promise<void> {
  await commander.copyIn(await programFiles(), { signal });
}

/**
 * One TCP connection that sends for so many seconds. Both ends have ended when this returns, or throws.
 * @throws Error naming the end that failed and what iperf3 said.
 */
export async function measureThroughput({ from, to, seconds, signal }: ThroughputOptions): Promise<Sent> {
  await using server = await to.commander.start(command(to, ['serve', to.address, PORT]), { signal });
  const heard = answerOf(await nextOf(linesOf(server), signal, LISTENING_WITHIN_MS), to);
  if (heard.type !== 'listening')
    throw new Error(`iperf3 on ${to.commander.name} said ${heard.type} before it listened`);
  const argv = command(from, ['send', to.address, PORT, String(seconds)]);
  await using client = await from.commander.start(argv, { signal });
  const sent = answerOf(await nextOf(linesOf(client), signal, seconds * 1000 + MORE_MS), from);
  if (sent.type !== 'sent') throw new Error(`iperf3 on ${from.commander.name} said ${sent.type}, and not what it sent`);
  return readSent(sent);
}

function command({ netns }: PathEnd, args: readonly string[]): readonly string[] {
  const program = ['node', `${FOLDER}/throughput.ts`, ...args];
  return netns === undefined ? program : ['nsenter', `--net=${netns}`, '--', ...program];
}

const nextOf = (next: (signal: AbortSignal) => Promise<string>, signal: AbortSignal, ms: number): Promise<string> =>
  next(AbortSignal.any([signal, AbortSignal.timeout(ms)]));

function answerOf(line: string, { commander }: PathEnd): Exclude<ThroughputLine, { type: 'failed' }> {
  const said = JSON.parse(line) as ThroughputLine;
  if (said.type !== 'failed') return said;
  throw new Error(`iperf3 on ${commander.name} failed: ${said.why}`);
}
