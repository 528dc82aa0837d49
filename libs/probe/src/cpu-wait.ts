/**
 * How long the processes of nodes waited for a processor: what clients lose on a host that is too small for the cluster looks
 * like a broken network, and is none. The kernel keeps the account of each thread, in /proc/<pid>/task/<tid>/schedstat: nanoseconds on
 * a processor, nanoseconds runnable without one (kernel Documentation/scheduler/sched-stats.rst).
 */
import { onAll, type Commander } from '@faultline/control';
import { MILLISECOND, type History } from '@faultline/history';

/** A process a line: its number, what it ran, what it waited. One that ends meanwhile is no error. */
const READ = `grep -Hs . /proc/[0-9]*/task/[0-9]*/schedstat | awk -F '[/: ]' '
  { ran[$3] += $7; waited[$3] += $8 } END { for (pid in ran) printf "%s %.0f %.0f\\n", pid, ran[pid], waited[pid] }'`;
const READ_MS = 10_000;

interface Spent {
  readonly ran: number;
  readonly waited: number;
}

/** By process, nanoseconds. */
export type CpuAccount = ReadonlyMap<string, Spent>;

export function parseAccount(output: string): CpuAccount {
  const lines = output.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [pid = '', ran, waited] = line.split(' ');
      return [pid, { ran: Number(ran), waited: Number(waited) }];
    }),
  );
}

/** Of the processes that were there both times. A thread that ended took its account along: less than before is nothing. */
export function spentBetween(before: CpuAccount, after: CpuAccount): Spent {
  let [ran, waited] = [0, 0];
  for (const [pid, now] of after) {
    const then = before.get(pid);
    if (!then) continue;
    ran += Math.max(0, now.ran - then.ran);
    waited += Math.max(0, now.waited - then.waited);
  }
  return { ran, waited };
}

interface Node {
  readonly name: string;
  /** Sees the processes of its node. */
  readonly side: Commander;
}

/** Reads the accounts now and, when it is called, once more, into the history. A node that is dead at either time has none. */
export async function cpuAccounts(
  nodes: readonly Node[],
  { history, signal }: { readonly history: Pick<History, 'append'>; readonly signal: AbortSignal },
): Promise<() => Promise<void>> {
  const read = ({ side }: Node): Promise<CpuAccount> =>
    side.exec(['sh', '-c', READ], { signal, timeoutMs: READ_MS, accept: 'any' }).then(
      ({ stdout }) => parseAccount(stdout),
      () => {
        signal.throwIfAborted();
        return new Map();
      },
    );
  const before = await onAll(nodes, read);
  return async () => {
    const after = await onAll(nodes, read);
    for (const [index, { name: node }] of nodes.entries()) {
      const { ran, waited } = spentBetween(before[index] ?? new Map(), after[index] ?? new Map());
      if (ran === 0) continue;
      history.append({ type: 'cpu', node, ranMs: ran / MILLISECOND, waitedMs: waited / MILLISECOND });
    }
  };
}
