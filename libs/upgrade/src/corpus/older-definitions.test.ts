import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterNode } from '@faultline/cluster';
import { host } from '@faultline/control';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Chart } from './charts.ts';
import { Kubectl } from './kube.ts';
import type { Asking } from './objects.ts';
import { addMissing, ARCHIVE, removeDefinitions } from './older-definitions.ts';

const { signal } = new AbortController();
let folder: string;
let chart: Chart;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-definitions-'));
  const templates = join(folder, 'traefik-crd/templates');
  await mkdir(templates, { recursive: true });
  for (const file of ['traefik.io_middlewares.yaml', 'traefik.containo.us_middlewares.yaml', 'gateway.yaml']) {
    await writeFile(join(templates, file), `# ${file}\n`);
  }
  const packed = join(folder, 'chart.tgz');
  await host.exec(['tar', '--create', '--gzip', `--file=${packed}`, `--directory=${folder}`, 'traefik-crd'], {
    signal,
  });
  const chartContent = (await readFile(packed)).toString('base64');
  chart = { k3s: 'v1.32.1+k3s1', traefik: '2.11.18', spec: { chartContent } };
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(ARCHIVE, { force: true });
});

/** A cluster that knows these definitions, and remembers what it was told. */
function cluster(...known: readonly string[]) {
  const told: { readonly words: string; readonly input: string | undefined }[] = [];
  const server = {
    exec: async (argv: readonly string[], { input }: { input?: string } = {}) => {
      if (argv[1] !== 'get') told.push({ words: argv.slice(1).join(' '), input });
      const items = known.map((name) => ({ metadata: { name } }));
      return { stdout: JSON.stringify({ items }), stderr: '', exitCode: 0, durationMs: 0 };
    },
  };
  const kubectl = new Kubectl(server as unknown as ClusterNode, signal);
  const asking = { kubectl, node: host, signal } as unknown as Asking;
  return { asking, told };
}

test('of an older chart the definitions are applied that the cluster does not know, and taken away again', async () => {
  const { asking, told } = cluster('middlewares.traefik.io', 'gateways.gateway.networking.k8s.io');
  const added = await addMissing(chart, asking);
  expect(added).toEqual(['middlewares.traefik.containo.us']);
  expect(told.map(({ input }) => input)).toEqual(['# traefik.containo.us_middlewares.yaml\n']);
  await removeDefinitions(added, asking);
  expect(told.at(-1)?.words).toContain('delete customresourcedefinitions middlewares.traefik.containo.us');
});

test('nothing is done for the chart of the release that runs, which has its definitions', async () => {
  const { asking, told } = cluster();
  expect(await addMissing({ ...chart, spec: { chart: 'https://x/traefik.tgz' } }, asking)).toEqual([]);
  await removeDefinitions([], asking);
  expect(told).toEqual([]);
});
