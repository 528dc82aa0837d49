/** MetalLB beside ServiceLB: both write the status of one Service. */
import { balanced, withFlags, type Rig } from '@faultline/claims';
import { loadBalancers } from '@faultline/cluster/plan';
import { question, type Question } from './question.ts';

const { manifests, images } = loadBalancers['metallb-l2'];
const WATCHED_S = 20;
const LEAST_WRITES = 10;

export const twoLoadBalancersFight: Question = question({
  name: 'two-load-balancers-fight',
  images: images({}),
  here: 'both',
  control: 'MetalLB alone',
  ask: async (rig: Rig, who: 'both' | 'MetalLB alone') => {
    if (who === 'MetalLB alone') await withFlags(rig, ['server-0'], { disable: ['servicelb'] });
    await installMetalLb(rig);
    await rig.apply(balanced(rig.name, rig.port));
    const seen = await addressesWatched(rig);
    const writes = seen.filter((addresses, index) => index > 0 && addresses !== seen[index - 1]).length;
    const last = [...new Set(seen)].map((addresses) => addresses || 'none').join('; ');
    return {
      holds: writes >= LEAST_WRITES,
      saw: `its address was written ${writes} times within ${WATCHED_S} s; it was: ${last}`,
    };
  },
});

/** Upstream's manifest and a pool of this LAN, gone afterwards. */
async function installMetalLb(rig: Rig): Promise<void> {
  const { signal, cluster, server } = rig;
  const host = (last: number) => cluster.network.subnet.replace(/\d+\/24$/, String(last));
  const objects = manifests({
    settings: {},
    nodes: cluster.plan.nodes,
    pool: [host(210), host(219)],
    address: host(210),
    interface: 'eth0',
  });
  const input = objects.map((object) => JSON.stringify(object)).join('\n');
  const away = ['kubectl', 'delete', '--ignore-not-found', '--wait=true', '--timeout=90s', '-f', '-'];
  rig.defer(() => server.exec(away, { input, timeoutMs: 120_000, accept: 'any' }));
  const argv = ['kubectl', 'apply', '-f', '-'];
  // Its own kinds are refused until they are known, and until its controller, which is asked about them, runs.
  const ask = () => server.exec(argv, { signal, input, accept: 'any', timeoutMs: 60_000 });
  await rig.until('MetalLB is installed', 120_000, ask, ({ exitCode }) => exitCode === 0);
}

/** What the Service's status said, each time that it was written. */
async function addressesWatched({ server, signal, name }: Rig): Promise<readonly string[]> {
  const output = String.raw`jsonpath={.status.loadBalancer.ingress[*].ip}{"\n"}`;
  const words = ['get', 'service', name, '--namespace=default', '--watch', `--request-timeout=${WATCHED_S}s`];
  const { stdout } = await server.exec(['kubectl', ...words, '--output', output], {
    signal,
    accept: 'any',
    timeoutMs: 2 * WATCHED_S * 1000,
  });
  return stdout.split('\n').map((line) => line.trim());
}
