import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { bundleOf, filesOf } from '../bundle/files.ts';
import { scan } from '../secret/scan.ts';
import { bundleOfCluster, collect } from './collect.ts';
import { asRaw } from './object.ts';
import { PLANTED, plantedCluster } from './planted.ts';

const options = { made: '2026-11-22T01:30:00.000Z', by: { commit: null, dirty: false }, from: 'cluster' } as const;
const bundle = bundleOfCluster(plantedCluster(), options);
const everything = [...filesOf(bundle)].flat().join('\n');

test.for(Object.entries(PLANTED))('no secret is in the bundle: %s', ([, secret]) => {
  const inBase64 = Buffer.from(secret).toString('base64').replaceAll('=', '');
  expect(everything).not.toContain(secret);
  expect(everything).not.toContain(inBase64);
  expect(everything).not.toContain(JSON.stringify(secret).slice(1, -1));
});

test('every one of them was there to be found', () => {
  const raw = JSON.stringify(plantedCluster());
  for (const secret of Object.values(PLANTED)) {
    const there = [secret, Buffer.from(secret).toString('base64')].map((text) => JSON.stringify(text).slice(1, -1));
    expect(there.some((text) => raw.includes(text) || raw.includes(text.replaceAll('"', '')))).toBe(true);
  }
});

test('what is left passes the scan, and says what was left out, and where, without saying it', () => {
  expect(() => scan(filesOf(bundle))).not.toThrow();
  const { leftOut } = bundle.about;
  expect(leftOut.find(({ what }) => what === 'Secret')).toMatchObject({ count: 1, where: ['Secret shop/users'] });
  expect(leftOut.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['ConfigMap', 'Node --token', 'Deployment spec.template.spec.containers[].env']),
  );
});

test('what decides how clients are served is kept', () => {
  const { objects } = bundle;
  const named = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  expect(named('Deployment', 'web')?.spec).toMatchObject({
    replicas: 2,
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { nodeSelector: { disk: 'ssd' }, containers: [{ ports: [{ containerPort: 8080 }] }] },
    },
  });
  expect(named('Middleware', 'set')?.spec).toEqual({
    headers: { customRequestHeaders: { 'X-Upstream': 'redacted', 'X-Gone': '' } },
  });
  expect(JSON.stringify(named('IngressRoute', 'web')?.spec)).toContain(
    'Host(`shop.test`) && Header(`X-Pass`, `redacted`) && Query(`k`, `redacted`)',
  );
  const values = parse(String(named('HelmChartConfig', 'traefik')?.spec?.['valuesContent'])) as object;
  expect(values).toMatchObject({
    additionalArguments: ['--log.level=DEBUG'],
    certResolvers: { le: { email: 'redacted' } },
    service: { spec: { externalTrafficPolicy: 'Local' } },
    deployment: { replicas: 2 },
  });
});

test('nodes are called as a replay calls them, with their labels that are selected by, and flags that are harmless', () => {
  expect(bundle.about.nodes).toEqual([
    {
      name: 'server-0',
      role: 'server',
      address: '198.18.0.10',
      release: 'v1.33.3+k3s1',
      ready: true,
      flags: ['--flannel-backend=host-gw', '--disable=metrics-server'],
      labels: { disk: 'ssd' },
      taints: ['dedicated=edge:NoSchedule'],
    },
  ]);
});

test('the scenario is the nearest cluster that can be booted', () => {
  expect(bundle.scenario).toMatchObject({
    topology: { servers: 1, agents: 0 },
    matrix: { backend: ['host-gw'], loadBalancer: ['servicelb'] },
  });
});

test('collecting what was collected changes nothing: so a bundle of anybody can be read by the same list', () => {
  const { objects } = bundle;
  expect(collect(objects.map(asRaw)).objects).toEqual(objects);
});

test('a bundle is read back as it was written', () => {
  expect(bundleOf(filesOf(bundle))).toEqual(bundle);
});
