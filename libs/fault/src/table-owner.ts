/**
 * The process of ours that owns an nft table: `nft -i` in the node's side-car, fed through the engine.
 *
 * When the harness dies, the engine closes that process's standard input, nft ends, and the kernel removes the table.
 * `timeout` ends it as well, should everybody else hang.
 */
import { once } from 'node:events';
import type { ClusterNode } from '@faultline/cluster';
import { isMissing, type Commander, type Engine, type Running } from '@faultline/control';

/** Every question to nft is answered in milliseconds; longer means that the side-car is gone. */
export const ANSWER_MS = 5_000;

export type SideCar = ClusterNode['side'];

export interface TableOwner extends AsyncDisposable {
  /** Sends lines and waits until the answer matches. @throws Error with what nft complains of. */
  say(lines: readonly string[], answer: RegExp, signal: AbortSignal): Promise<void>;
}

/** `--includepath` is only there to write the table's name on the command line, where `pkill` finds it: nft includes nothing. */
export async function startOwner(engine: Engine, side: SideCar, table: string, ttlMs: number): Promise<TableOwner> {
  const argv = [
    'timeout',
    '--signal=KILL',
    `${Math.ceil(ttlMs / 1000)}`,
    'nft',
    '--interactive',
    '--includepath',
    `/owner-of/${table}`,
  ];
  const nft: Running = await side.start(argv);
  let printed = '';
  let complaint = '';
  nft.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  nft.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  let ended: number | undefined;
  void nft.exited.then((code) => (ended = code));

  return {
    async say(lines, answer, signal) {
      printed = '';
      complaint = '';
      const timeout = AbortSignal.timeout(ANSWER_MS);
      const patience = AbortSignal.any([signal, timeout]);
      nft.stdin.write(lines.map((line) => `${line}\n`).join(''));
      while (!answer.test(printed)) {
        const failure = complaint.trim() || (ended === undefined ? '' : `it ended with code ${ended}`);
        if (failure) throw new Error(`${side.name}: nft refused "${lines[0]}": ${failure}`);
        await news(nft, patience).catch((cause: unknown) => {
          if (!timeout.aborted) throw cause;
          const said = printed.trim() || 'nothing';
          throw new Error(`${side.name}: nft did not show "${lines[0]}" within ${ANSWER_MS} ms, but ${said}`, {
            cause,
          });
        });
      }
    },
    async [Symbol.asyncDispose]() {
      // Deleting it by name would need an answer to wait for: the end of the owner is the end of its table.
      nft.stdin.end();
      // The engine does not close the connection when the side-car dies, so there is no end to wait for then.
      const isOver = (await isDead(engine, side.container)) || (await endsWithin(nft, ANSWER_MS));
      if (!isOver) await endOwner(side, table);
      nft.stdin.destroy();
    },
  };
}

async function endsWithin(nft: Running, ms: number): Promise<boolean> {
  return await Promise.race([nft.exited.then(() => true), once(AbortSignal.timeout(ms), 'abort').then(() => false)]);
}

/** Waits until nft says something, or ends. @throws the signal's reason. */
async function news(nft: Running, signal: AbortSignal): Promise<void> {
  const said = new AbortController();
  try {
    const either = AbortSignal.any([signal, said.signal]);
    await Promise.race([
      once(nft.stdout, 'data', { signal: either }),
      once(nft.stderr, 'data', { signal: either }),
      nft.exited,
    ]);
  } finally {
    said.abort();
  }
}

export async function endOwner(side: Commander, table: string): Promise<void> {
  // 1: none was there any more.
  await side.exec(['pkill', '--signal', 'KILL', '--full', `/owner-of/${table}$`], {
    accept: [0, 1],
    timeoutMs: ANSWER_MS,
  });
}

export async function isDead(engine: Engine, id: string): Promise<boolean> {
  try {
    return !(await engine.getContainer(id).inspect()).State.Running;
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}
