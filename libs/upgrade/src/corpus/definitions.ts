/**
 * Rows that are definitions which the chart traefik-crd has too. k3s' own is taken away, with all that it defines; then the
 * chart of one release after the other is installed as k3s does it, around the row's definition. Last of all: nothing that
 * Traefik defines outlives it.
 */
import { done, notYet, waitFor } from '@faultline/control';
import type { Chart } from './charts.ts';
import type { Asking } from './objects.ts';
import type { Row } from './row.ts';
import type { RowSeen } from './seen.ts';

const NAME = 'traefik-crd';
const NAMESPACE = 'kube-system';
const JOB = `helm-install-${NAME}`;
const WITHIN_MS = 120_000;

interface JobNow {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: { readonly succeeded?: number };
}

interface PodNow {
  readonly metadata: { readonly name: string };
  readonly status: { readonly containerStatuses?: readonly { readonly restartCount: number }[] };
}

interface Came {
  readonly job: 'complete' | 'failing';
  readonly says: string;
}

/** @param charts of traefik-crd, oldest first; the last is the release's own. */
export async function seeDefinitions(row: Row, charts: readonly Chart[], asking: Asking): Promise<RowSeen> {
  const { kubectl } = asking;
  await kubectl.run('delete', 'helmcharts.helm.cattle.io', NAME, `--namespace=${NAMESPACE}`, '--timeout=50s');
  let applied = '';
  let came: Came = { job: 'complete', says: '' };
  let last = '';
  for (const [index, chart] of charts.entries()) {
    last = await install(chart, last, asking);
    if (index === 0 && charts.length > 1) await untilCame(last, 'complete', asking);
    if (index === 0) applied = await kubectl.apply(row.manifest);
    if (index > 0 || charts.length === 1) came = await untilCame(last, 'either', asking);
  }
  const isFixable = charts.length > 1 && row.fixed !== undefined && came.job === 'failing';
  const fixedBy = isFixable ? await kubectl.apply(row.fixed ?? '') : '';
  const after = isFixable ? await untilCame(last, 'complete', asking) : came;
  return {
    applied,
    chart: chartOf(came, charts),
    saw: [],
    ...(isFixable && { fixed: { by: 'fixed.yaml', applied: fixedBy, chart: chartOf(after, charts), saw: [] } }),
  };
}

const chartOf = ({ job, says }: Came, charts: readonly Chart[]): NonNullable<RowSeen['chart']> => ({
  outcome: job === 'complete' ? 'upgraded' : 'stuck',
  job,
  serves: charts.at(-1)?.traefik ?? null,
  says,
  arguments: [],
});

/** @returns uid of the job. */
async function install({ spec }: Chart, before: string, { kubectl, signal }: Asking): Promise<string> {
  await kubectl.own({
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChart',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec,
  });
  return waitFor(
    `a new job ${JOB}`,
    async () => {
      const jobs = await kubectl.items<JobNow>('jobs', `--namespace=${NAMESPACE}`);
      const uid = jobs.find(({ metadata }) => metadata.name === JOB)?.metadata.uid;
      return uid === undefined || uid === before ? notYet('none') : done(uid);
    },
    { signal, withinMs: WITHIN_MS, everyMs: 1000 },
  );
}

function untilCame(uid: string, wanted: 'complete' | 'either', { kubectl, signal }: Asking): Promise<Came> {
  return waitFor<Came>(
    `the job ${JOB} has come to something`,
    async () => {
      const jobs = await kubectl.items<JobNow>('jobs', `--namespace=${NAMESPACE}`);
      const job = jobs.find(({ metadata }) => metadata.uid === uid);
      if (job?.status.succeeded) return done({ job: 'complete', says: '' });
      const pods = await kubectl.items<PodNow>(
        'pods',
        `--namespace=${NAMESPACE}`,
        `--selector=batch.kubernetes.io/controller-uid=${uid}`,
      );
      const failed = pods.find(({ status }) => (status.containerStatuses?.[0]?.restartCount ?? 0) > 1);
      if (!failed || wanted === 'complete') return notYet(job ? 'it runs' : 'there is none');
      const log = await kubectl.run(
        'logs',
        failed.metadata.name,
        `--namespace=${NAMESPACE}`,
        '--previous',
        '--tail=30',
      );
      const says = log.split('\n').findLast((line) => /error/i.test(line) && !line.startsWith('+')) ?? '';
      return done({ job: 'failing', says: says.trim() });
    },
    { signal, withinMs: WITHIN_MS, everyMs: 1000 },
  );
}
