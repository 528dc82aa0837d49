/** The corpus on one k3s release: a cluster is booted, each part sees its rows, and nothing is left. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { boot, removeRun, type Cluster } from '@faultline/cluster';
import { k3sRelease, planCluster } from '@faultline/cluster/plan';
import { engine as connect, labelsOf, thisProcess } from '@faultline/control';
import { memoryHistory, systemClock } from '@faultline/history';
import { mend, releaseOf } from '@faultline/traefik';
import { deploy } from '@faultline/workload';
import { DEFAULT_HOST } from '@faultline/workload/plan';
import { askAfterRestart, seeCharts, type Chart } from './charts.ts';
import { seeDefinitions } from './definitions.ts';
import { Kubectl } from './kube.ts';
import { seeObjects, seenOf, type Asking } from './objects.ts';
import { addMissing, removeDefinitions } from './older-definitions.ts';
import { rowsOfObjects, type Row } from './row.ts';
import { seeScenarios } from './scenarios.ts';
import type { FixedSeen, ReleaseSeen, RowSeen } from './seen.ts';

const HOUR = 3_600_000;
const HTTP = 80;
const HTTPS = 443;

export const PARTS = ['objects', 'values', 'scenarios', 'definitions'] as const;
export type Part = (typeof PARTS)[number];

export interface Wish {
  readonly k3s: string;
  /** The releases that were there before, oldest first: values and definitions go through their charts too. */
  readonly after: readonly string[];
  readonly rows: readonly Row[];
  readonly parts: readonly Part[];
  readonly images: { readonly tools: string; readonly userlist: string };
  /** Where the charts of releases are kept between runs. */
  readonly charts: string;
  readonly signal: AbortSignal;
  /** Hears of what was seen as soon as it was: what comes after may fail. */
  readonly tell: (seen: Pick<ReleaseSeen, 'rows' | 'scenarios'>, part: string) => Promise<void>;
}

interface Charts {
  readonly traefik: Chart;
  readonly definitions: Chart;
}

export async function seeRelease(wish: Wish): Promise<void> {
  const { k3s, after, signal } = wish;
  const older = await Promise.all(after.map((version) => readCharts(version, wish.charts)));
  const engine = await connect();
  const run = `corpus-${systemClock.now().toString(36)}`;
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'faultline-corpus-'));
  undo.defer(() => rm(folder, { recursive: true }));
  undo.defer(async () => void (await removeRun(engine, run)));
  const history = memoryHistory();
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
  const cluster = await boot(planOf(wish), { engine, history, signal, run, folder, labels });
  const app = wish.images.userlist;
  await deploy(cluster, { app, replicas: 3, host: DEFAULT_HOST, place: 'spread', echo: false }, { history, signal });
  const asking = askingOf(cluster, signal);
  const own = await keepCharts(k3s, cluster, asking, wish.charts);
  await seeParts(wish, [...older, own], asking);
}

/** One server does: the older releases' Traefiks are there too. */
function planOf({ k3s, after, images }: Wish): ReturnType<typeof planCluster> {
  const one = { substrate: 'k3s', servers: 1, agents: 0, backend: 'vxlan', loadBalancer: 'servicelb', k3s };
  const plan = planCluster(one, { tools: images.tools, app: images.userlist, subnet: null });
  const traefiks = after.map((version) => `rancher/mirrored-library-traefik:${k3sRelease(version).traefik}`);
  return { ...plan, images: [...plan.images, ...traefiks] };
}

function askingOf(cluster: Cluster, signal: AbortSignal): Asking {
  const [server] = cluster.nodes;
  if (!server) throw new Error('a cluster without nodes');
  return {
    kubectl: new Kubectl(server, signal),
    client: cluster.client,
    node: server.side,
    door: { address: server.address, http: HTTP, https: HTTPS },
    signal,
  };
}

async function seeParts(wish: Wish, charts: readonly Charts[], asking: Asking): Promise<void> {
  const { rows, parts, tell, images } = wish;
  const objects = rowsOfObjects(rows);
  if (parts.includes('objects')) {
    await tell({ rows: await seeObjectRows(objects, wish, asking), scenarios: {} }, 'objects');
  } else {
    // Those with values ask for hosts that are among these.
    await seeObjects(objects, ({ manifest }) => manifest, 'first', asking);
  }
  if (parts.includes('values')) {
    const own = rows.filter(({ kind }) => kind === 'values');
    await tell({ rows: await seeValueRows(own, wish, charts, asking), scenarios: {} }, 'values');
  }
  if (parts.includes('scenarios')) {
    await tell({ rows: {}, scenarios: await seeScenarios(images.userlist, asking) }, 'scenarios');
  }
  if (!parts.includes('definitions')) return;
  for (const row of rows.filter(({ kind }) => kind === 'definitions')) {
    const seen = await seeDefinitions(
      row,
      charts.map(({ definitions }) => definitions),
      asking,
    );
    await tell({ rows: { [row.name]: seen }, scenarios: {} }, 'definitions');
  }
}

type RowsSeen = Readonly<Record<string, RowSeen>>;

async function seeObjectRows(rows: readonly Row[], wish: Wish, asking: Asking): Promise<RowsSeen> {
  const first = await seeObjects(rows, ({ manifest }) => manifest, 'first', asking);
  const isNew = releaseOf(wish.k3s).generation === 'v3';
  const keepers = rows.filter(({ stored }) => isNew && stored !== undefined);
  const kept = await seeObjects(keepers, ({ stored = '' }) => stored, 'stored', asking);
  const mended = rows.filter((row) => fixOf(row, wish) !== undefined);
  const again = await seeObjects(mended, (row) => fixOf(row, wish)?.text ?? '', 'fixed', asking);
  const seen = rows.flatMap((row) => {
    const [before, old, after, fix] = [first.get(row.name), kept.get(row.name), again.get(row.name), fixOf(row, wish)];
    if (!before) return [];
    const stored = old && { stored: { applied: old.applied, saw: old.saw } };
    const fixed = after && fix && { fixed: { by: fix.by, applied: after.applied, saw: after.saw } };
    return [[row.name, { ...seenOf(before), ...stored, ...fixed }] as const];
  });
  return Object.fromEntries(seen);
}

async function seeValueRows(
  rows: readonly Row[],
  wish: Wish,
  charts: readonly Charts[],
  asking: Asking,
): Promise<RowsSeen> {
  const seen = new Map<string, RowSeen>();
  for (const { traefik, definitions } of charts) {
    const added = await addMissing(definitions, asking);
    const step = await seeCharts(rows, ({ manifest }) => manifest, traefik, asking);
    for (const [name, one] of step) seen.set(name, { ...one, older: olderOf(seen.get(name)) });
    await removeDefinitions(added, asking);
  }
  await restartOlder(rows, seen, asking);
  const own = charts.at(-1)?.traefik;
  const mended = rows.filter((row) => fixOf(row, wish) !== undefined);
  if (!own || mended.length === 0) return Object.fromEntries(seen);
  const again = await seeCharts(mended, (row) => fixOf(row, wish)?.text ?? '', own, asking);
  for (const row of mended) {
    const [before, after, fix] = [seen.get(row.name), again.get(row.name), fixOf(row, wish)];
    if (before && after && fix) seen.set(row.name, { ...before, fixed: { by: fix.by, ...after } });
  }
  return Object.fromEntries(seen);
}

const olderOf = (before: RowSeen | undefined): NonNullable<RowSeen['older']> => {
  if (!before?.chart) return [];
  const { outcome, serves, says } = before.chart;
  return [...(before.older ?? []), { outcome, serves, says }];
};

/** A Traefik that serves on is asked again after its pod was started anew. One row of them does: all run the same. */
async function restartOlder(rows: readonly Row[], seen: Map<string, RowSeen>, asking: Asking): Promise<void> {
  const row = rows.find(({ name }) => seen.get(name)?.chart?.outcome === 'stuck');
  const before = row && seen.get(row.name);
  if (!row || !before?.chart) return;
  const routesAfterRestart = await askAfterRestart(row, asking);
  seen.set(row.name, { ...before, chart: { ...before.chart, routesAfterRestart } });
}

/** What mends a row for the upgrade from the release before: `--fix`, or what a person is told to write. */
function fixOf(
  { name, manifest, fixed, expectation }: Row,
  { k3s, after }: Wish,
): { readonly by: FixedSeen['by']; readonly text: string } | undefined {
  const before = after.at(-1);
  if (before === undefined) return undefined;
  const [mended] = mend([{ file: name, text: manifest }], { from: releaseOf(before), to: releaseOf(k3s) });
  if (mended && mended.text !== manifest) return { by: '--fix', text: mended.text };
  const first = expectation.lint.find(({ findings }) => findings.length > 0);
  const isThis = first?.from === before && first.to === k3s;
  return fixed !== undefined && isThis ? { by: 'fixed.yaml', text: fixed } : undefined;
}

interface HelmChart {
  readonly spec: Chart['spec'];
}

/** Writes down what this release installs, for the runs of later releases. */
async function keepCharts(k3s: string, cluster: Cluster, asking: Asking, folder: string): Promise<Charts> {
  const read = async (name: string): Promise<Chart> => {
    const { spec } = await asking.kubectl.read<HelmChart>('helmcharts.helm.cattle.io', name, '--namespace=kube-system');
    return { k3s, traefik: k3sRelease(k3s).traefik, spec };
  };
  const own = { traefik: await read('traefik'), definitions: await read('traefik-crd') };
  const [side] = cluster.nodes.map((node) => node.side);
  const packed = async ({ spec: { chart = '', ...rest }, ...one }: Chart): Promise<Chart> => {
    const path = `${STATIC_CHARTS}/${decodeURIComponent(basename(chart))}`;
    const content = await side?.exec(['base64', '--wrap=0', path], { signal: asking.signal });
    return { ...one, spec: { ...rest, chartContent: content?.stdout ?? '' } };
  };
  const kept: Charts = { traefik: await packed(own.traefik), definitions: await packed(own.definitions) };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${k3s}.json`), JSON.stringify(kept));
  return own;
}

const STATIC_CHARTS = '/proc/1/root/var/lib/rancher/k3s/server/static/charts';

async function readCharts(k3s: string, folder: string): Promise<Charts> {
  const text = await readFile(join(folder, `${k3s}.json`), 'utf8').catch((cause: unknown) => {
    const message = `the charts of ${k3s} are not at hand: a run on it keeps them.\nNext: npm run corpus -- ${k3s}`;
    throw new Error(message, { cause });
  });
  return JSON.parse(text) as Charts;
}
