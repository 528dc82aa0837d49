/** Reads the data plane of nodes before a fault and after healing, and writes down what differs. */
import { machinesOf, type Cluster, type ClusterNode } from '@faultline/cluster';
import { onAll, type Engine } from '@faultline/control';
import type { History } from '@faultline/history';
import { normalise, READ_ALL, residue } from './dataplane.ts';

/** @throws Error naming the section that could not be read; CommandError when the side-car does not answer. */
export async function snapshot(engine: Engine, node: ClusterNode, signal: AbortSignal): Promise<readonly string[]> {
  const { stdout, stderr, exitCode } = await node.side.exec(['sh', '-c', READ_ALL], {
    signal,
    timeoutMs: READ_MS,
    accept: 'any',
  });
  const last = stdout.slice(stdout.lastIndexOf('===')).split('\n')[0];
  if (exitCode !== 0) {
    const reason = stderr.trim() || `exit code ${exitCode}`;
    throw new Error(`the side-car of ${node.name} could not read its data plane, stopped at "${last}": ${reason}`);
  }
  const { State } = await engine.getContainer(node.container).inspect();
  return [...normalise(stdout), `container: ${State.Status}`];
}

/** Some 0.1 s, seconds on a host that is booting a cluster. */
const READ_MS = 30_000;

/** How the nodes were before the first of the faults in force. */
export interface Baseline {
  take(nodes: readonly ClusterNode[], signal: AbortSignal): Promise<void>;
  /** These were started again: their data plane is another one, and a comparison would say nothing. */
  forget(nodes: readonly ClusterNode[]): void;
  /** Appends `dataplane` for each node. What cannot be read is said in a note: it is not clean, and not dirty either. */
  compare(): Promise<void>;
}

interface Scope {
  readonly engine: Engine;
  readonly history: History;
  readonly cluster?: Pick<Cluster, 'nodes' | 'balancers'>;
}

export function openBaseline({ engine, history, cluster }: Scope): Baseline {
  const before = new Map<string, { node: ClusterNode; lines: readonly string[] }>();
  const note = (level: 'info' | 'warning', text: string) => void history.append({ type: 'note', level, text });
  /** A node that was dead before anything was broken is no reason to break nothing. */
  const read = async (node: ClusterNode, signal: AbortSignal): Promise<readonly string[] | undefined> => {
    try {
      return await snapshot(engine, node, signal);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      note('warning', `${node.name}: its data plane cannot be compared: ${reason}`);
      return undefined;
    }
  };
  return {
    async take(nodes, signal) {
      before.clear();
      const machines = cluster ? machinesOf(cluster) : nodes;
      await onAll(machines, async (node) => {
        const lines = await read(node, signal);
        if (lines) before.set(node.name, { node, lines });
      });
    },
    forget(nodes) {
      for (const { name } of nodes) {
        if (before.delete(name)) {
          note('info', `${name}: its data plane is not compared, for it was killed and started again`);
        }
      }
    },
    async compare() {
      const compared = [...before].map(([name, was]) => ({ name, ...was }));
      before.clear();
      await onAll(compared, async ({ name, node, lines }) => {
        // Healing knows no signal: only the reader's own deadline ends it.
        const after = await read(node, new AbortController().signal);
        if (after) history.append({ type: 'dataplane', node: name, residue: residue(lines, after) });
      });
    },
  };
}
