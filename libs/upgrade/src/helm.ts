/** What the pods and jobs of kube-system say of Traefik and of the Helm jobs that install it. Pure. */
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { EventOf } from '@faultline/history';

export type HelmState = Omit<EventOf<'upgrade.helm'>, 'type' | 'seq' | 'at' | 'wall'>;

const JOBS = ['helm-install-traefik', 'helm-install-traefik-crd'] as const;

/** Attempts by pod: one that is gone was made nevertheless. */
export type Attempts = Map<string, { readonly job: string; readonly chart: string; readonly attempts: number }>;

export function helmStates(jobs: readonly V1Job[], pods: readonly V1Pod[], attempts: Attempts): readonly HelmState[] {
  return JOBS.flatMap((name) => {
    const job = jobs.find(({ metadata }) => metadata?.name === name);
    if (!job) return [];
    const chart = chartOf(job);
    const own = pods.filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
    for (const pod of own) attempts.set(pod.metadata?.uid ?? '', { job: name, chart, attempts: attemptsOf(pod) });
    const made = [...attempts.values()].filter((one) => one.job === name && one.chart === chart);
    const pod = own.toSorted((a, b) => begun(b).localeCompare(begun(a)))[0];
    const isComplete = job.status?.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True');
    const now = pod ? stateOf(pod) : { state: 'waiting' as const, detail: 'no pod yet' };
    return [
      {
        job: name,
        chart,
        attempts: made.reduce((sum, one) => sum + one.attempts, 0),
        node: pod?.spec?.nodeName ?? null,
        ...(isComplete ? { state: 'complete' as const, detail: '' } : now),
      },
    ];
  });
}

/** Of `https://%{KUBERNETES_API}%/static/charts/traefik-34.2.1+up34.2.0.tgz` the last part. */
function chartOf({ spec }: V1Job): string {
  const env = spec?.template.spec?.containers[0]?.env ?? [];
  return (
    env
      .find(({ name }) => name === 'CHART')
      ?.value?.split('/')
      .at(-1) ?? ''
  );
}

/** The API writes dates as text, whatever the client's types say. */
const begun = ({ metadata }: V1Pod): string => String(metadata?.creationTimestamp ?? '');

function attemptsOf({ status }: V1Pod): number {
  const [container] = status?.containerStatuses ?? [];
  const began = container?.state?.running ?? container?.state?.terminated ?? container?.lastState?.terminated;
  return (container?.restartCount ?? 0) + (began ? 1 : 0);
}

const FAILING = ['CrashLoopBackOff', 'ImagePullBackOff', 'ErrImagePull', 'ErrImageNeverPull', 'CreateContainerError'];

function stateOf({ status }: V1Pod): Pick<HelmState, 'state' | 'detail'> {
  const [container] = status?.containerStatuses ?? [];
  const { waiting, terminated, running } = container?.state ?? {};
  if (waiting && FAILING.includes(waiting.reason ?? '')) {
    const why = waiting.reason?.includes('Image') ? `${waiting.reason}: ${container?.image}` : (waiting.reason ?? '');
    return { state: 'failing', detail: why };
  }
  if (terminated && terminated.exitCode !== 0) {
    return { state: 'failing', detail: `ended with exit code ${terminated.exitCode}` };
  }
  return running ? { state: 'running', detail: '' } : { state: 'waiting', detail: waiting?.reason ?? '' };
}

/** Ready pods of Traefik by the version that their image names. */
export function readyTraefiks(pods: readonly V1Pod[]): Readonly<Record<string, number>> {
  const ready: Record<string, number> = {};
  for (const { metadata, spec, status } of pods) {
    const isTraefik = metadata?.labels?.['app.kubernetes.io/name'] === 'traefik';
    const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    if (!isTraefik || !isReady || metadata.deletionTimestamp) continue;
    const version = spec?.containers[0]?.image?.split(':').at(-1) ?? '?';
    ready[version] = (ready[version] ?? 0) + 1;
  }
  return ready;
}
