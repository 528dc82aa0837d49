/** A node is clean before it is broken: what one fault does is not to be told from what another left. */
import type { ClusterNode } from '@faultline/cluster';
import type { Engine } from '@faultline/control';
import { ourTables } from './nft.ts';

export class DirtyNodeError extends Error {
  constructor(node: string, found: string) {
    const next = '`faultline doctor --heal` undoes what a dead run left; a living one has to end first';
    super(`${node} is not as it should be: ${found}. Next: ${next}`);
    this.name = 'DirtyNodeError';
  }
}

/**
 * @param ours tables of faults of this session, which may be in force on the same node.
 * @throws DirtyNodeError when the node is paused, dead, or holds a table of ours that this session did not make.
 */
export async function assertClean(
  engine: Engine,
  node: ClusterNode,
  ours: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { State } = await engine.getContainer(node.container).inspect();
  if (State.Paused) throw new DirtyNodeError(node.name, 'its container is paused');
  if (!State.Running) throw new DirtyNodeError(node.name, 'its container is not running');
  const { stdout } = await node.side.exec(['nft', 'list', 'tables'], { signal });
  const strange = ourTables(stdout).filter((table) => !ours.includes(table));
  if (strange.length > 0) throw new DirtyNodeError(node.name, `it holds the nft table ${strange.join(', ')}`);
}
