/** Clients while nodes are replaced: on new connections, on kept ones and on a long-lived stream, at every address. */
import type { Cluster } from '@faultline/cluster';
import type { History } from '@faultline/history';
import { startProber, watchCluster } from '@faultline/probe';
import { edgeProbes, type ProbeSpec } from '@faultline/probe/plan';
import type { Entry } from '@faultline/workload';

/** A second, on each kind of connection at each address: enough to date a loss, and no load on a host that boots k3s. */
const RATE = 50;

export function probesAt(entries: readonly Entry[], host: string): readonly ProbeSpec[] {
  return entries.flatMap((entry) =>
    edgeProbes({
      address: entry.address,
      port: entry.port,
      host,
      path: '/users/1',
      prefix: entry.node ?? 'edge',
      to: entry.node ?? 'virtual address',
      kinds: ['http-new', 'http-kept', 'stream'],
    }).map((probe) => (probe.kind === 'stream' ? probe : { ...probe, rateHz: RATE })),
  );
}

export interface TrafficOptions {
  readonly cluster: Cluster;
  readonly entries: readonly Entry[];
  readonly host: string;
  readonly history: History;
  readonly signal: AbortSignal;
}

/** Everything that was started; disposing stops it and writes each probe's last record. */
export async function startTraffic({
  cluster,
  entries,
  host,
  history,
  signal,
}: TrafficOptions): Promise<AsyncDisposable> {
  await using starting = new AsyncDisposableStack();
  if (cluster.kubeconfig) starting.use(await watchCluster(cluster.kubeconfig, { history, signal }));
  starting.use(await startProber(cluster.client, { name: 'client' }, probesAt(entries, host), { history, signal }));
  return starting.move();
}
