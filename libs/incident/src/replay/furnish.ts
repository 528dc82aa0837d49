/** Puts what was captured on a running cluster, waits until it is as it was, and asks its routes. Each finding is an event. */
import type { Cluster, ClusterNode } from '@faultline/cluster';
import { DeadlineError, done, elapse, notYet, waitFor } from '@faultline/control';
import { MILLISECOND, type History, type Nanoseconds } from '@faultline/history';
import type { Bundle } from '../bundle/bundle.ts';
import { collect } from '../collect/collect.ts';
import { nameOf, type RawObject } from '../collect/object.ts';
import { readLive } from '../live/read-cluster.ts';
import { Reader } from '../live/reader.ts';
import { askRoutes, type Asked } from './ask.ts';
import { compare, isSame, type Compared } from './compare.ts';
import { manifestsOf } from './manifests.ts';

/** Traefik brings the kinds of its routes when its chart is installed, after some 40 s; pods need their time as well. */
const WITHIN = { served: 120_000, taken: 180_000, same: 150_000 } as const;
/** What was broken is as it was at once, before anything has begun: it is the same when it stays so. */
const STAYS_MS = 10_000;
const EVERY_MS = 2_000;
/** Traefik may just be reading. */
const AGAIN_AFTER_MS = 3_000;

export interface FurnishOptions {
  readonly bundle: Bundle;
  readonly app: string;
  readonly history: History;
  readonly signal: AbortSignal;
  /** For how long everything must have been as it was; 10 s unless told. */
  readonly staysMs?: number;
}

/** @throws DeadlineError where the cluster does not take the objects. That they are not as they were is a finding. */
export async function furnish(cluster: Cluster, options: FurnishOptions): Promise<void> {
  const { bundle, history, signal } = options;
  const server = cluster.nodes.find(({ role }) => role === 'server');
  if (!server) throw new Error('a cluster without a server');
  await untilServed(cluster, options);
  await applyAll(server, cluster, options);
  history.append({ type: 'stage', name: 'objects-applied', detail: `${bundle.objects.length} objects` });
  const { compared, address } = await untilSame(cluster, options);
  for (const one of compared) history.append({ type: 'replay.compared', ...one });
  const asked = await askSurely(bundle, { client: cluster.client, address: address ?? server.address, signal });
  for (const one of asked) history.append({ type: 'replay.asked', ...one });
}

const SERVED = 'Addresses of Service kube-system/traefik';

/**
 * People boot a cluster, and then they taint its nodes and change its charts: what was placed before stays where it is. So
 * Traefik has the addresses that it had before any of that is done; where they never come, what is compared will say so.
 */
async function untilServed(cluster: Cluster, { bundle, history, signal }: FurnishOptions): Promise<void> {
  const wanted = bundle.about.seen.find(({ what }) => what === SERVED)?.saw ?? 'none';
  if (wanted === 'none') return;
  const reader = new Reader({ kubeconfig: cluster.kubeconfig });
  await waitFor(
    `Traefik is served at ${wanted}`,
    async (until) => {
      const { seen } = collect((await readLive(reader, [], until)).objects);
      const now = seen.find(({ what }) => what === SERVED)?.saw ?? 'nowhere';
      return now === wanted ? done(undefined) : notYet(now);
    },
    { signal, withinMs: WITHIN.served, everyMs: EVERY_MS },
  ).catch((error: unknown) => noted(error, { history, signal }));
}

/** That a state did not come is no error here: it is noted, and compared. @throws whatever else it is. */
function noted(error: unknown, { history, signal }: Pick<FurnishOptions, 'history' | 'signal'>): void {
  signal.throwIfAborted();
  if (!(error instanceof DeadlineError)) throw error;
  history.append({ type: 'note', level: 'warning', text: error.message.split('\n')[0] ?? '' });
}

/** All of them, again and again: the first time some are of kinds that nobody knows yet. */
async function applyAll(server: ClusterNode, cluster: Cluster, { bundle, app, signal }: FurnishOptions): Promise<void> {
  const manifests = manifestsOf(bundle, { plan: cluster.plan, app, subnet: cluster.network.subnet });
  if (manifests.length === 0) return;
  const input = manifests.map((manifest) => `---\n${JSON.stringify(manifest)}\n`).join('');
  const argv = ['kubectl', 'apply', '--server-side', '--force-conflicts', '--filename=-'];
  await waitFor(
    `the API takes ${manifests.length} objects`,
    async (until) => {
      const { exitCode, stderr } = await server.exec(argv, { signal: until, input, accept: 'any' });
      return exitCode === 0 ? done(undefined) : notYet(lastLine(stderr));
    },
    { signal, withinMs: WITHIN.taken, everyMs: EVERY_MS },
  );
}

const lastLine = (text: string): string => text.trim().split('\n').findLast(Boolean)?.trim() ?? '';

interface State {
  readonly compared: readonly Compared[];
  /** Where clients reach Traefik; undefined: it has no address. */
  readonly address: string | undefined;
}

/** Until everything is as it was and stays so; else how it was when the time was over. */
async function untilSame(
  cluster: Cluster,
  { bundle, history, signal, staysMs = STAYS_MS }: FurnishOptions,
): Promise<State> {
  const reader = new Reader({ kubeconfig: cluster.kubeconfig });
  let last: State = { compared: [], address: undefined };
  let sameSince: Nanoseconds | undefined;
  const look = async (until: AbortSignal) => {
    const { objects } = await readLive(reader, [], until);
    last = { compared: compare(bundle, collect(objects)), address: addressOf(objects) };
    const differing = last.compared.filter((one) => !isSame(one)).map(({ what, now }) => `${what} ${now ?? 'missing'}`);
    if (last.address === undefined) differing.push('Traefik has no address');
    if (differing.length > 0) sameSince = undefined;
    else sameSince ??= history.clock.now();
    const isStill = sameSince !== undefined && history.clock.now() - sameSince >= staysMs * MILLISECOND;
    return isStill ? done(last) : notYet(differing.join('; ') || 'it is, and may not stay so');
  };
  const options = { signal, withinMs: WITHIN.same, everyMs: EVERY_MS };
  return waitFor('the replay is as what was captured', look, options).catch((error: unknown) => {
    noted(error, { history, signal });
    return last;
  });
}

function addressOf(objects: readonly RawObject[]): string | undefined {
  const service = objects.find((raw) => nameOf(raw) === 'Service kube-system/traefik');
  const status = service?.status as { loadBalancer?: { ingress?: readonly { ip?: string }[] } } | undefined;
  return status?.loadBalancer?.ingress?.[0]?.ip;
}

type How = Parameters<typeof askRoutes>[1];

/** What did not answer as an app does is asked once more. */
async function askSurely({ objects }: Bundle, how: How): Promise<readonly Asked[]> {
  const first = await askRoutes(objects, how);
  if (first.every(({ status }) => status >= 200 && status < 404)) return first;
  await elapse(AGAIN_AFTER_MS, how.signal);
  return askRoutes(objects, how);
}
