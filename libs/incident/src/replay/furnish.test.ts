import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '@faultline/cluster';
import { planCluster } from '@faultline/cluster/plan';
import { createHistory, readHistory } from '@faultline/history';
import { expect, onTestFinished, test } from 'vitest';
import type { Bundle } from '../bundle/bundle.ts';
import { exampleBundle } from '../bundle/example.ts';
import type { RawObject } from '../collect/object.ts';
import { fakeApi } from '../live/fake-api.ts';
import { furnish } from './furnish.ts';

const bundle: Bundle = {
  ...exampleBundle(),
  objects: [
    ...exampleBundle().objects,
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { rules: [{ host: 'shop.test', http: { paths: [{ path: '/users', pathType: 'Prefix' }] } }] },
    },
  ],
};

/** What k3s has of itself, and how a Service is once its pods are ready. */
const own: readonly RawObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'traefik', namespace: 'kube-system' },
    status: { loadBalancer: { ingress: [{ ip: '198.18.7.10' }] } },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.42.0.7'], conditions: { ready: true } }],
  },
];

/** A cluster that takes what is applied, at the second time, as one does whose kinds are not all there yet. */
async function cluster(applied: RawObject[], curled: string[][]): Promise<Cluster> {
  const api = await fakeApi({ objects: () => [...own, ...applied] });
  onTestFinished(() => api[Symbol.asyncDispose]());
  let tries = 0;
  const server = {
    role: 'server',
    address: '198.18.7.10',
    async exec(argv: readonly string[], { input = '' }: { input?: string }) {
      expect(argv.slice(0, 2)).toEqual(['kubectl', 'apply']);
      if (++tries === 1) return { exitCode: 1, stdout: '', stderr: 'no matches for kind "IngressRoute"' };
      const parts = input.split('---\n').filter(Boolean);
      applied.push(...parts.map((part) => JSON.parse(part) as RawObject));
      return { exitCode: 0, stdout: '', stderr: '' };
    },
  };
  const client = {
    async exec(argv: readonly string[]) {
      curled.push([...argv]);
      return { exitCode: 0, stdout: '200', stderr: '' };
    },
  };
  const plan = planCluster(
    { substrate: 'k3s', servers: 1, agents: 0, backend: 'vxlan', loadBalancer: 'servicelb' },
    { tools: 'tools', app: 'app', subnet: null },
  );
  const network = { id: 'n', name: 'n', subnet: '198.18.7.0/24' };
  return { plan, nodes: [server], client, network, kubeconfig: api.kubeconfig } as unknown as Cluster;
}

test(
  'what was captured is applied until it is taken, waited for, compared, and its routes are asked',
  { timeout: 60_000 },
  async ({ signal }) => {
    const folder = await mkdtemp(join(tmpdir(), 'furnish-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'history.ndjson');
    const [applied, curled]: [RawObject[], string[][]] = [[], []];
    using history = createHistory(path);
    await furnish(await cluster(applied, curled), { bundle, app: 'userlist:1', history, signal, staysMs: 0 });
    const events = await readHistory(path);
    const compared = events.filter((event) => event.type === 'replay.compared');
    expect(compared.map(({ what, captured, now }) => [what, captured === now])).toEqual([
      ['Endpoints shop/web', true],
      ['object Service shop/web', true],
      ['object Ingress shop/web', true],
    ]);
    expect(applied.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace shop',
      'Service web',
      'Ingress web',
      'Deployment stand-in-web',
    ]);
    expect(events.find((event) => event.type === 'replay.asked')).toMatchObject({
      route: 'Ingress shop/web',
      request: 'GET http://shop.test/users',
      status: 200,
    });
    expect(curled[0]).toContain('::198.18.7.10:80');
  },
);
