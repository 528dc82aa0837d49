/** Reads the data plane of nodes before a fault and after healing, and writes down what differs. */
import { machinesOf, type Cluster, type ClusterNode } from '@faultline/cluster';
import type { Engine } from '@faultline/control';
import type { History } from '@faultline/history';
import { isOfFaults, normalise, READ_ALL, READ_FAULTS, residue } from './dataplane.ts';

/** @throws Error naming the section that could not be read; CommandError when the side-car does not answer. */
export async function snapshot(engine: Engine, node: ClusterNode, signal: AbortSignal): Promise<readonly string[]> {
  const lines = await read(node, READ_ALL, signal);
  const { State } = await engine.getContainer(node.container).inspect();
  return [...lines, `container: ${State.Status}`];
}

/** The lines among which faults leave theirs, in a few milliseconds. @throws as `snapshot` does. */
export function glimpse(node: ClusterNode, signal: AbortSignal): Promise<readonly string[]> {
  return read(node, READ_FAULTS, signal);
}

async function read(node: ClusterNode, script: string, signal: AbortSignal): Promise<readonly string[]> {
  const { stdout, stderr, exitCode } = await node.side.exec(['sh', '-c', script], {
    signal,
    timeoutMs: READ_MS,
    accept: 'any',
  });
  const last = stdout.slice(stdout.lastIndexOf('===')).split('\n')[0];
  if (exitCode !== 0) {
    const reason = stderr.trim() || `exit code ${exitCode}`;
    throw new Error(`the side-car of ${node.name} could not read its data plane, stopped at "${last}": ${reason}`);
  }
  return normalise(stdout);
}

/** Some 0.1 s, seconds on a host that is booting a cluster. */
const READ_MS = 30_000;

/** How the nodes were before the first of the faults in force. */
export interface Baseline {
  take(nodes: readonly ClusterNode[], signal: AbortSignal): Promise<void>;
  /** Those whose data plane could be read. */
  readonly machines: readonly ClusterNode[];
  /** What `glimpse` would have said of the machine then; undefined: it could not be read. */
  of(name: string): readonly string[] | undefined;
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
  const attempt = async (node: ClusterNode, signal: AbortSignal): Promise<readonly string[] | undefined> => {
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
      // In turn: all at once would take the processors of a small host for half a second, right before the fault (seen: 5 %
      // of the requests of the measured time were lost to it).
      for (const node of machines) {
        const lines = await attempt(node, signal);
        if (lines) before.set(node.name, { node, lines });
      }
    },
    get machines() {
      return [...before.values()].map(({ node }) => node);
    },
    of: (name) => before.get(name)?.lines.filter(isOfFaults),
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
      for (const { name, node, lines } of compared) {
        // Healing knows no signal: only the reader's own deadline ends it.
        const after = await attempt(node, new AbortController().signal);
        if (after) history.append({ type: 'dataplane', node: name, residue: residue(lines, after) });
      }
    },
  };
}
