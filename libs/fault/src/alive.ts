/** The control: machines that a fault must leave alone, asked from the client whether they still answer. */
import type { Cluster, ClusterNode } from '@faultline/cluster';

export interface Control {
  readonly alive: readonly string[];
  readonly dead: readonly string[];
}

/** Three pings a tenth of a second apart; one answer is enough, for it is not the loss that is asked for. */
const COUNT = ['-C', '3', '-p', '100', '-t', '1000', '-r', '0'];
const ANSWER_MS = 10_000;

export async function askMachines(
  client: Cluster['client'],
  machines: readonly ClusterNode[],
  signal: AbortSignal,
): Promise<Control> {
  if (machines.length === 0) return { alive: [], dead: [] };
  const argv = ['fping', '-q', ...COUNT, ...machines.map(({ address }) => address)];
  // 1: some did not answer, which is what is asked.
  const { stderr } = await client.exec(argv, { signal, accept: [0, 1], timeoutMs: ANSWER_MS });
  const answered = answersOf(stderr);
  const names = (all: readonly ClusterNode[]) => all.map(({ name }) => name);
  return {
    alive: names(machines.filter(({ address }) => answered.has(address))),
    dead: names(machines.filter(({ address }) => !answered.has(address))),
  };
}

/** `198.18.0.10 : 0.04 - 0.05` has answered, `198.18.0.11 : - - -` has not. */
export function answersOf(said: string): ReadonlySet<string> {
  const lines = said.split('\n').map((line) => /^(\S+)\s*: (.*)$/.exec(line));
  return new Set(lines.flatMap((match) => (match && /\d/.test(match[2] ?? '') ? [match[1] ?? ''] : [])));
}
