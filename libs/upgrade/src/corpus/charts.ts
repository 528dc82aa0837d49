/**
 * Rows that are values of the chart: each in a namespace of its own, where the Helm controller of k3s installs the chart of
 * one release after the other, with the row's values. What it does to its own Traefik in an upgrade it does there: same job,
 * same chart, same values; and all rows at once.
 */
import { DeadlineError, done, notYet, waitFor } from '@faultline/control';
import { inGroups } from './kube.ts';
import { askAll, type Asking } from './objects.ts';
import { NO_TRAEFIK } from './expected.ts';
import { settledOf, workloadsOf, type Listed, type Pod, type Workloads } from './chart-state.ts';
import type { Row } from './row.ts';
import type { ChartSeen } from './seen.ts';

/** What k3s installs: from its HelmChart. The chart itself, where it is not the release that runs. */
export interface Chart {
  readonly k3s: string;
  readonly traefik: string;
  readonly spec: {
    readonly chart?: string;
    readonly chartContent?: string;
    readonly valuesContent?: string;
    readonly set?: object;
  };
}

export interface ChartApplied {
  readonly applied: string;
  readonly chart: ChartSeen;
  readonly saw: readonly string[];
}

/** Jobs that fail do so twice within half a minute; the first of a pod's images is there already. */
const WITHIN_MS = 240_000;
const NAMED = 'traefik';
const CONFIG = 'HelmChartConfig';
const AT_ONCE = 6;

export const namespaceOf = (row: Row): string => `corpus-${row.name.toLowerCase()}`;

/** One step of the chain, for all rows at once. */
export async function seeCharts(
  rows: readonly Row[],
  textOf: (row: Row) => string,
  chart: Chart,
  asking: Asking,
): Promise<ReadonlyMap<string, ChartApplied>> {
  const before = await jobsNow(asking);
  const said = await inGroups(rows, AT_ONCE, (row) => applyRow(row, textOf(row), chart, asking));
  const settled = await untilSettled(rows, before, chart.traefik, asking);
  const states = rows.map((row, index) => ({ row, state: settled[index] as ChartSeen }));
  const asked = await inGroups(states, AT_ONCE, ({ row, state }) => askThrough(row, state, asking));
  return new Map(
    states.map(({ row, state }, index) => {
      const { saw = [], routes } = asked[index] ?? {};
      return [row.name, { applied: said[index] ?? '', chart: { ...state, ...(routes && { routes }) }, saw }];
    }),
  );
}

/** The values first: the job that the chart starts has them then. */
async function applyRow(row: Row, text: string, { spec }: Chart, { kubectl }: Asking): Promise<string> {
  const namespace = namespaceOf(row);
  await kubectl.own({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const said = await kubectl.apply(text.replaceAll('namespace: kube-system', `namespace: ${namespace}`));
  // A fix may be that no values are needed any more.
  if (!text.includes(CONFIG)) {
    await kubectl.run('delete', 'helmchartconfigs.helm.cattle.io', NAMED, `--namespace=${namespace}`);
  }
  const set = {
    ...spec.set,
    // The class and the ports of the nodes are those of k3s' own Traefik.
    'ingressClass.enabled': 'false',
    'service.type': 'NodePort',
  };
  await kubectl.own({
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChart',
    metadata: { name: NAMED, namespace },
    spec: { ...spec, set },
  });
  return said;
}

async function workloads({ kubectl }: Asking): Promise<ReadonlyMap<string, Workloads>> {
  const found = await kubectl.items<Listed>('jobs,deployments,pods,services', '--all-namespaces');
  const spaces = Map.groupBy(found, ({ metadata }) => metadata.namespace);
  return new Map([...spaces].map(([namespace, objects]) => [namespace, workloadsOf(objects)]));
}

async function jobsNow(asking: Asking): Promise<ReadonlySet<string>> {
  const all = [...(await workloads(asking)).values()];
  return new Set(all.flatMap(({ jobs }) => jobs.map(({ metadata }) => metadata.uid)));
}

async function untilSettled(
  rows: readonly Row[],
  before: ReadonlySet<string>,
  traefik: string,
  asking: Asking,
): Promise<readonly ChartSeen[]> {
  const states = await waitFor(
    `the Helm jobs of ${rows.length} rows for Traefik ${traefik}`,
    async () => {
      const all = await workloads(asking);
      const found = rows.map((row) => settledOf(all.get(namespaceOf(row)), { before, traefik }));
      const open = found.flatMap((state, index) => ('lacks' in state ? [`${rows[index]?.name}: ${state.lacks}`] : []));
      const settled = found.flatMap((state) => ('lacks' in state ? [] : [state]));
      return open.length > 0 ? notYet(open.join('; ')) : done(settled);
    },
    { signal: asking.signal, withinMs: WITHIN_MS, everyMs: 2000 },
  );
  return inGroups(
    states.map((state, index) => ({ state, namespace: namespaceOf(rows[index] as Row) })),
    AT_ONCE,
    async ({ state: { culprit, ...rest }, namespace }) => ({
      ...rest,
      says: culprit ? await wordsOf(namespace, culprit, asking) : '',
    }),
  );
}

/** The last line with which a container ended. */
async function wordsOf(namespace: string, { metadata }: Pod, { kubectl }: Asking): Promise<string> {
  const words = ['logs', metadata.name, `--namespace=${namespace}`, '--tail=30'];
  const [now, last] = await Promise.all(
    [words, [...words, '--previous']].map((argv) => kubectl.run(...argv).catch(() => '')),
  );
  const lines = `${last}\n${now}`.split('\n').filter((line) => /error|fail/i.test(line) && !line.startsWith('+'));
  return lines.at(-1)?.trim() ?? '';
}

interface Through {
  readonly saw: readonly string[];
  readonly routes?: string;
}

async function askThrough(row: Row, { outcome }: ChartSeen, asking: Asking): Promise<Through> {
  const requests = row.expectation.requests ?? [];
  if (outcome === 'refused') return { saw: requests.map(() => NO_TRAEFIK) };
  if (outcome === 'upgraded' && requests.length === 0) return { saw: [] };
  const own = await throughOwn(row, asking);
  await untilServes(row, own);
  const saw = await askAll(requests, own);
  if (outcome === 'upgraded') return { saw };
  const [routes = ''] = await askAll([ROUTE], own);
  return { saw, routes };
}

/** The same, through the row's own Traefik. */
async function throughOwn(row: Row, asking: Asking): Promise<Asking> {
  const found = (await workloads(asking)).get(namespaceOf(row));
  const ports = found?.services.find(({ metadata }) => metadata.name === NAMED)?.spec.ports ?? [];
  const port = (name: string) => ports.find((one) => one.name === name)?.nodePort ?? 0;
  return { ...asking, door: { ...asking.door, http: port('web'), https: port('websecure') } };
}

/** @returns what its Traefik answers to an IngressRoute, once its Ingresses are served again. */
export async function askAfterRestart(row: Row, asking: Asking): Promise<string> {
  const within = `--namespace=${namespaceOf(row)}`;
  await asking.kubectl.run('delete', 'pods', '--selector=app.kubernetes.io/name=traefik', within, '--timeout=50s');
  const own = await throughOwn(row, asking);
  await untilServes(row, own);
  return waitFor(
    'it serves IngressRoutes too',
    async () => {
      const [routes = ''] = await askAll([ROUTE], own);
      return routes === '200' ? done(routes) : notYet(routes);
    },
    { signal: asking.signal, withinMs: ROUTES_WITHIN_MS, everyMs: 1000 },
  ).catch((error: unknown) => {
    if (!(error instanceof DeadlineError)) throw error;
    return `${error.lastSeen} for ${ROUTES_WITHIN_MS / 1000} s`;
  });
}

/** Traefik has read all that there is within 2 to 4 s of its start. */
const ROUTES_WITHIN_MS = 20_000;

/** Of the corpus' objects: every Traefik knows it. */
const ROUTE = { host: 'g02.test', path: '/users', v2: 200, v3: 200 };

/** A pod is ready before it has read what it is to serve. Other rows' hosts are answered by any Traefik that has. */
async function untilServes(row: Row, asking: Asking): Promise<void> {
  const known = { host: 'ingress-first.corpus.test', path: '/healthz', v2: 200, v3: 200 };
  await waitFor(
    `the Traefik of ${row.name} serves`,
    async () => {
      const [saw = ''] = await askAll([known], asking);
      return /^[23]/.test(saw) ? done(undefined) : notYet(saw);
    },
    { signal: asking.signal, withinMs: 30_000, everyMs: 500 },
  );
}
