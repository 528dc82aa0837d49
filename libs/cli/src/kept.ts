/** The clusters that are kept, and which of them is meant. */
import { listClusters, type FoundCluster } from '@faultline/cluster';
import type { Engine } from '@faultline/control';
import { UsageError } from './exit.ts';
import { oneOf } from './allowed.ts';

export async function keptClusters(engine: Engine): Promise<readonly FoundCluster[]> {
  return (await listClusters(engine)).filter(({ kept }) => kept);
}

/** The cluster of this name, or the only one. @throws UsageError when there is none, or it is not clear which. */
export async function theCluster(engine: Engine, given: string | undefined): Promise<FoundCluster> {
  const kept = await keptClusters(engine);
  if (kept.length === 0) throw new UsageError('no cluster is kept. Next: faultline up');
  const names = kept.map(({ run }) => run);
  if (given === undefined && kept.length > 1) throw new UsageError(`which cluster? Allowed: ${names.join(', ')}`);
  const name = given === undefined ? names[0] : oneOf('cluster', given, names);
  return kept.find(({ run }) => run === name) as FoundCluster;
}
