/** `faultline ls`: the clusters that are kept. */
import { engine } from '@faultline/control';
import { keptClusters } from '../kept.ts';

export async function execute(_: readonly string[], options: { json?: unknown }): Promise<number> {
  const clusters = await keptClusters(await engine());
  if (options.json) {
    console.log(JSON.stringify(clusters, null, 2));
  } else if (clusters.length === 0) {
    console.log('No cluster is kept. Next: faultline up');
  }
  for (const { run, substrate, nodes, kubeconfig, expires } of options.json ? [] : clusters) {
    console.log(`${run}  ${substrate}  until ${new Date(expires).toISOString()}`);
    console.log(`  ${nodes.map(({ name, state }) => `${name} ${state}`).join(', ')}`);
    if (kubeconfig) console.log(`  export KUBECONFIG=${kubeconfig}`);
  }
  return 0;
}
