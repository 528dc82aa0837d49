/** What came of a Helm job, by what the API says of the job, the Deployment and their pods. Pure. */
import type { ChartSeen } from './seen.ts';

interface Named {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
}

export interface Job extends Named {
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface Deployment extends Named {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly args?: readonly string[] }[] } };
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

export interface Pod extends Named {
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string };
    readonly terminated?: { readonly exitCode: number };
  };
}

export interface Service extends Named {
  readonly spec: { readonly ports: readonly { readonly name?: string; readonly nodePort?: number }[] };
}

export interface Workloads {
  readonly jobs: readonly Job[];
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
}

export type Listed =
  | (Job & { readonly kind: 'Job' })
  | (Deployment & { readonly kind: 'Deployment' })
  | (Pod & { readonly kind: 'Pod' })
  | (Service & { readonly kind: 'Service' });

export const workloadsOf = (listed: readonly Listed[]): Workloads => ({
  jobs: listed.flatMap((one) => (one.kind === 'Job' ? [one] : [])),
  deployments: listed.flatMap((one) => (one.kind === 'Deployment' ? [one] : [])),
  pods: listed.flatMap((one) => (one.kind === 'Pod' ? [one] : [])),
  services: listed.flatMap((one) => (one.kind === 'Service' ? [one] : [])),
});

/** With the pod that failed, where one did: its log says why. */
export type Settled = Omit<ChartSeen, 'says'> & { readonly culprit: Pod | undefined };

const JOB = 'helm-install-traefik';
const TRAEFIK = 'traefik';

/** @param before uids of the jobs that were there before: what they came to is no answer. */
export function settledOf(
  workloads: Workloads | undefined,
  { before, traefik }: { before: ReadonlySet<string>; traefik: string },
): Settled | { readonly lacks: string } {
  const job = workloads?.jobs.find(({ metadata }) => metadata.name === JOB && !before.has(metadata.uid));
  if (!workloads || !job) return { lacks: 'no new job' };
  const failed = workloads.pods.find((pod) => isOf(job, pod) && hasFailedTwice(pod));
  const isComplete = job.status.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True');
  if (!isComplete) return failed ? stateOf(workloads, 'failing', failed, traefik) : { lacks: 'the job runs' };
  const deployment = workloads.deployments.find(({ metadata }) => metadata.name === TRAEFIK);
  if (deployment && isRolledOut(deployment)) return stateOf(workloads, 'complete', undefined, traefik);
  const crashing = workloads.pods.find((pod) => isTraefik(pod) && !isReady(pod) && hasFailedTwice(pod));
  return crashing ? stateOf(workloads, 'complete', crashing, traefik) : { lacks: 'the Deployment is not rolled out' };
}

function stateOf(workloads: Workloads, job: ChartSeen['job'], culprit: Pod | undefined, traefik: string): Settled {
  const serving = workloads.pods.find((pod) => isTraefik(pod) && isReady(pod));
  const serves = serving?.spec.containers[0]?.image.split(':').at(-1) ?? null;
  const isUpgraded = job === 'complete' && culprit === undefined && serves === traefik;
  const [container] = workloads.deployments[0]?.spec.template.spec.containers ?? [];
  return {
    outcome: isUpgraded ? 'upgraded' : serves === null ? 'refused' : 'stuck',
    job,
    serves,
    arguments: container?.args ?? [],
    culprit,
  };
}

const isOf = (job: Job, { metadata }: Pod): boolean =>
  metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid) ?? false;

const isTraefik = ({ metadata }: Pod): boolean =>
  metadata.labels?.['app.kubernetes.io/name'] === TRAEFIK && metadata.deletionTimestamp === undefined;

const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

/** Once may be chance: the API was busy. */
const hasFailedTwice = ({ status }: Pod): boolean =>
  status.containerStatuses?.some(
    ({ restartCount, state }) =>
      restartCount > 1 ||
      (restartCount > 0 && (state?.waiting?.reason === 'CrashLoopBackOff' || (state?.terminated?.exitCode ?? 0) !== 0)),
  ) ?? false;

function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  const { observedGeneration = 0, replicas, updatedReplicas, availableReplicas } = status;
  const isSeen = observedGeneration >= (metadata.generation ?? 0);
  return isSeen && [replicas, updatedReplicas, availableReplicas].every((count) => count === spec.replicas);
}
