/** `faultline up`: a cluster with userlist behind its Ingress, to keep. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { boot } from '@faultline/cluster';
import { loadBalancers, planCluster } from '@faultline/cluster/plan';
import { engine, labelsOf, thisProcess } from '@faultline/control';
import { createHistory, systemClock } from '@faultline/history';
import { liveView } from '@faultline/report';
import { deploy } from '@faultline/workload';
import { DEFAULT_HOST } from '@faultline/workload/plan';
import { wholeNumber } from '../allowed.ts';
import { skipWhereLacking } from '../lacking.ts';
import { cniOf, settingsOf, text, wantedFactors, type Given } from '../options.ts';
import { ensureOwnImages } from '../own-images.ts';
import { chooseSubstrate, wishOf } from '../substrate.ts';
import { RUNS } from '../workspace.ts';

/** A forgotten cluster is removed by the next `doctor --heal` after a day. */
const KEPT_FOR_MS = 24 * 3_600_000;

export async function execute(_: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const wish = wishOf(options);
  const factors = wantedFactors(options);
  const count = (name: string, bounds: { min: number; max: number }) =>
    wholeNumber(`--${name}`, text(options[name]) ?? '', bounds);
  const [servers, agents, replicas] = [
    count('servers', { min: 1, max: 7 }),
    count('agents', { min: 0, max: 20 }),
    count('replicas', { min: 1, max: 60 }),
  ];

  const docker = await engine();
  const cni = cniOf(options);
  const { substrate, k3s, reason } = await chooseSubstrate(wish, cni ? ['k3s'] : ['k3s', 'bare'], docker, signal);
  const loadBalancer =
    factors.loadBalancer ??
    Object.values(loadBalancers).find(({ substrates }) => substrates.includes(substrate))?.name ??
    '';
  const { tools, userlist } = await ensureOwnImages(docker, signal);
  const app = text(options['app']) ?? userlist;
  const spec = {
    substrate,
    servers,
    agents,
    backend: factors.backend ?? 'vxlan',
    ...(cni && { cni }),
    loadBalancer,
    settings: settingsOf(options),
    ...(k3s && { k3s }),
    ...(factors.controller && { controller: factors.controller }),
    ...(factors.trafficPolicy && { trafficPolicy: factors.trafficPolicy }),
  };
  const plan = planCluster(spec, { tools, app, subnet: text(options['subnet']) ?? null });
  await skipWhereLacking(docker, plan.spec, { signal, tools });

  const run = randomBytes(4).toString('hex');
  const folder = join(RUNS, 'kept', run);
  await mkdir(folder, { recursive: true });
  using history = createHistory(join(folder, 'history.ndjson'));
  const live = liveView(history, { stream: process.stderr, quiet: Boolean(options['json']) });
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + KEPT_FOR_MS });
  console.error(`faultline: ${run} on ${substrate} (${reason})`);
  // Kept only once it is up: what is interrupted on the way is torn down.
  await using cluster = await boot(plan, { engine: docker, history, signal, run, folder, labels });
  const workload = await deploy(cluster, { app, replicas, host: DEFAULT_HOST, place: 'spread' }, { history, signal });
  const entries = await workload.entries({ signal });
  cluster.keep();
  live[Symbol.dispose]();

  const answer = {
    run,
    substrate,
    kubeconfig: cluster.kubeconfig ?? null,
    host: DEFAULT_HOST,
    entries,
    client: cluster.client.container,
  };
  if (options['json']) {
    console.log(JSON.stringify(answer, null, 2));
    return 0;
  }
  if (cluster.kubeconfig) console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
  console.log(
    `# ${DEFAULT_HOST} answers at ${entries.map(({ address, port }) => `${address}:${port}`).join(', ')}, for clients on its LAN:`,
  );
  console.log(
    `#   docker exec ${cluster.client.container.slice(0, 12)} curl -s -H 'Host: ${DEFAULT_HOST}' http://${entries[0]?.address}/users/1`,
  );
  console.log(
    `# break it: faultline inject block-port --on agent-1 --set protocol=udp port=8472; leave it: faultline down ${run}`,
  );
  return 0;
}
