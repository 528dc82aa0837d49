/**
 * k3s installs Traefik by two Helm jobs that it starts together, and the chart of Traefik refuses to be installed before
 * the other has made its CRDs. So `helm-install-traefik` fails, once or twice or three times, and kubelet's back-off
 * (10 s, 20 s, ...) is most of the time from nodes Ready to the first answer through the Ingress, and nearly all of its
 * spread.
 *
 * Here the second job waits for the first: suspended when it appears, resumed when the CRDs are there. Same jobs, same
 * charts, same values, same end; without the crashes on the way.
 */
import { BatchV1Api, PatchStrategy, setHeaderOptions, type KubeConfig, type V1Job } from '@kubernetes/client-node';
import { done, notYet } from '@faultline/control';
import type { History } from '@faultline/history';
import { watchUntil, type Judge, type Watched } from './watch.ts';

const NAMESPACE = 'kube-system';
const CRDS = 'helm-install-traefik-crd';
const TRAEFIK = 'helm-install-traefik';

export interface JobState {
  readonly name: string;
  readonly complete: boolean;
}

const JOBS: Watched<V1Job, JobState> = {
  path: `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`,
  read: ({ metadata, status }) => ({
    name: metadata?.name ?? '',
    complete: status?.conditions?.some(({ type, status: is }) => type === 'Complete' && is === 'True') ?? false,
  }),
};

interface OrderOptions {
  readonly history: Pick<History, 'append'>;
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

/** Returns when Traefik's own job may run. */
export async function orderTraefik(config: KubeConfig, { history, ...options }: OrderOptions): Promise<void> {
  const found = await watchUntil('k3s starts the Helm jobs of Traefik', JOBS, jobToHold, { config, ...options });
  if (found === 'too late') return;
  await suspend(config, true);
  history.append({ type: 'stage', name: 'traefik-held', detail: `until ${CRDS} is complete` });
  await watchUntil(`${CRDS} is complete`, JOBS, crdsAreThere, { config, ...options });
  await suspend(config, false);
  history.append({ type: 'stage', name: 'traefik-released' });
}

export const jobToHold: Judge<JobState, 'hold' | 'too late'> = (jobs) => {
  if (jobs.get(CRDS)?.complete) return done('too late');
  return jobs.has(TRAEFIK) ? done('hold') : notYet(`no job ${TRAEFIK}`);
};

export const crdsAreThere: Judge<JobState, undefined> = (jobs) => {
  const job = jobs.get(CRDS);
  if (job?.complete) return done(undefined);
  return notYet(job ? `${CRDS} is not complete` : `no job ${CRDS}`);
};

async function suspend(config: KubeConfig, value: boolean): Promise<void> {
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await config
    .makeApiClient(BatchV1Api)
    .patchNamespacedJob({ name: TRAEFIK, namespace: NAMESPACE, body: { spec: { suspend: value } } }, merge);
}
