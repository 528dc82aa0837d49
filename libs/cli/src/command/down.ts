/** `faultline down [cluster]` */
import { removeRun } from '@faultline/cluster';
import { engine } from '@faultline/control';
import { keptClusters, theCluster } from '../kept.ts';

export async function execute([name]: readonly string[], options: { json?: unknown; all?: unknown }): Promise<number> {
  const docker = await engine();
  const clusters = options.all ? await keptClusters(docker) : [await theCluster(docker, name)];
  const removed = [];
  for (const { run } of clusters) removed.push({ run, objects: (await removeRun(docker, run)).length });
  if (options.json) console.log(JSON.stringify(removed, null, 2));
  for (const { run, objects } of options.json ? [] : removed)
    console.log(`${run}: removed, ${objects} containers, volumes and networks`);
  return 0;
}
