/**
 * Drops packets by a table that a process of ours owns: `nft -i` in the node's side-car, fed through the engine.
 *
 * When the harness dies, the engine closes that process's standard input, nft ends, and the kernel removes the table.
 * `timeout` ends it as well, should everybody else hang.
 */
import { once } from 'node:events';
import type { ClusterNode } from '@faultline/cluster';
import {
  containerCommander,
  done,
  isMissing,
  notYet,
  waitFor,
  type Commander,
  type Engine,
  type Running,
} from '@faultline/control';
import { blockScript, droppedPackets, ourTables, tableName } from '../nft.ts';
import { GRACE_MS } from '../spec.ts';
import type { Act, Prepared, Proof, Scene } from './act.ts';

/** Every question to nft is answered in milliseconds; longer means that the side-car is gone. */
const ANSWER_MS = 5_000;
/** The kernel removes it within 30 ms of its owner's end. */
const GONE_MS = 2_000;

export const blockAct: Act = {
  keepsDataPlane: true,

  async prepare({ engine, node, plan, signal }: Scene): Promise<Prepared> {
    const script = blockScript(plan.id, plan.parameters);
    await using undo = new AsyncDisposableStack();
    const owner = undo.use(await startOwner(engine, node.side, script.table, plan.lastingMs + GRACE_MS));
    const list = `list table inet ${script.table}`;
    await owner.say([...script.prepare, list], /^table inet [^]*\n\}\n/, signal);
    let before = 0;
    undo.move();
    return {
      strike: () => owner.say([script.strike, list], / dport \d+ counter [^]*\n\}\n/, signal),
      async prove(proveSignal) {
        const dropped = await readBack(node.side, script.table, proveSignal);
        const missing = script.chains.filter((chain) => dropped[chain] === undefined);
        if (missing.length > 0)
          return { state: false, effect: false, detail: `no rule in ${script.table}: ${missing.join(', ')}` };
        const counts = Object.entries(dropped)
          .map(([chain, packets]) => `${packets} ${chain}`)
          .join(', ');
        const total = Object.values(dropped).reduce<number>((sum, packets) => sum + (packets ?? 0), 0);
        const effect = total > before;
        before = total;
        return { state: true, effect, detail: `${script.table} is in force, packets dropped so far: ${counts}` };
      },
      async heal() {
        await owner[Symbol.asyncDispose]();
      },
      proveGone: () => proveGone(engine, node.side, script.table),
      [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
    };
  },

  /** The table is gone with its owner, unless that hangs: then it is ended, and it alone, by the table's name on its command line. */
  async undo(engine, { fault, node, side }) {
    const table = tableName(fault);
    const car = { ...containerCommander(engine, side, `${node} (side-car)`), container: side };
    if (await isDead(engine, side)) return 'the side-car is gone, and it with it';
    if (!(await tables(car)).includes(table)) return 'the kernel had removed it';
    await endOwner(car, table);
    await proveGone(engine, car, table);
    return 'its owner was ended, and the kernel removed it';
  },
};

type SideCar = ClusterNode['side'];

interface TableOwner extends AsyncDisposable {
  /** Sends lines and waits until the answer matches. @throws Error with what nft complains of. */
  say(lines: readonly string[], answer: RegExp, signal: AbortSignal): Promise<void>;
}

/** `--includepath` is only there to write the table's name on the command line, where `pkill` finds it: nft includes nothing. */
async function startOwner(engine: Engine, side: SideCar, table: string, ttlMs: number): Promise<TableOwner> {
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
      const patience = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
      nft.stdin.write(lines.map((line) => `${line}\n`).join(''));
      while (!answer.test(printed)) {
        const failure = complaint.trim() || (ended === undefined ? '' : `it ended with code ${ended}`);
        if (failure) throw new Error(`${side.name}: nft refused "${lines[0]}": ${failure}`);
        await news(nft, patience);
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

async function endOwner(side: Commander, table: string): Promise<void> {
  // 1: none was there any more.
  await side.exec(['pkill', '--signal', 'KILL', '--full', `/owner-of/${table}$`], {
    accept: [0, 1],
    timeoutMs: ANSWER_MS,
  });
}

async function tables(side: Commander): Promise<readonly string[]> {
  return ourTables((await side.exec(['nft', '--json', 'list', 'tables'], { timeoutMs: ANSWER_MS })).stdout);
}

async function readBack(
  side: Commander,
  table: string,
  signal: AbortSignal,
): Promise<ReturnType<typeof droppedPackets>> {
  const { stdout, exitCode } = await side.exec(['nft', '--json', 'list', 'table', 'inet', table], {
    signal,
    accept: [0, 1],
  });
  return exitCode === 0 ? droppedPackets(stdout) : {};
}

/** A side-car that is gone took its processes along, and the kernel their tables. */
async function proveGone(engine: Engine, side: SideCar, table: string): Promise<Proof> {
  return await waitFor(
    `the table ${table} is gone from ${side.name}`,
    async () => {
      if (await isDead(engine, side.container))
        return done({ ...GONE, detail: `the side-car is gone, and ${table} with it` });
      const left = await tables(side);
      return left.includes(table)
        ? notYet('it is there')
        : done({ ...GONE, detail: `${table} is gone from the kernel` });
    },
    { withinMs: GONE_MS, everyMs: 20 },
  );
}

const GONE = { state: true, effect: null } as const;

async function isDead(engine: Engine, id: string): Promise<boolean> {
  try {
    return !(await engine.getContainer(id).inspect()).State.Running;
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}
