import type { KubeObject } from '@faultline/traefik';
import { expect, test } from 'vitest';
import { exampleBundle } from '../bundle/example.ts';
import { standing } from './stand-in.ts';

const APP = 'faultline/userlist:1';
const labels = { app: 'web' };
const workload = (containers: readonly object[], more: object = {}, kind = 'Deployment'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    ...more,
    template: { metadata: { labels }, spec: { nodeSelector: { disk: 'ssd' }, containers } },
  },
});
const service = (ports: readonly object[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: labels, ports },
});

interface Stood {
  readonly name: string;
  readonly image: string;
  readonly env: readonly { name: string; value?: string }[];
  readonly ports: readonly object[];
  readonly readinessProbe: object;
  readonly livenessProbe?: object;
}

function stood(objects: readonly KubeObject[], seen: readonly { what: string; saw: string }[] = []) {
  const { about } = exampleBundle();
  const all = standing({ objects, about: { ...about, seen } }, APP);
  const workloads = all.filter(({ kind }) => kind !== 'Service');
  const containers = workloads.flatMap(
    ({ spec }) =>
      (spec as unknown as { template: { spec: { containers: readonly Stood[] } } }).template.spec.containers,
  );
  return { workloads, containers };
}

test('userlist stands where an image was: as often, in the same places, on the same ports', () => {
  const { workloads, containers } = stood([
    workload([{ name: 'app', ports: [{ name: 'http', containerPort: 8080 }] }]),
  ]);
  expect(workloads[0]?.spec).toMatchObject({ replicas: 3, template: { spec: { nodeSelector: { disk: 'ssd' } } } });
  expect(containers).toMatchObject([
    { image: APP, ports: [{ name: 'http', containerPort: 8080 }], env: [{ name: 'PORT', value: '8080' }, {}, {}, {}] },
  ]);
});

test('a port that only a Service names is listened on, and one of UDP answers UDP', () => {
  const { containers } = stood([
    workload([{ name: 'app' }]),
    service([
      { port: 80, targetPort: 3000 },
      { port: 53, targetPort: 5353, protocol: 'UDP' },
    ]),
  ]);
  expect(containers.map(({ name }) => name)).toEqual(['userlist-48000', 'userlist-3000', 'userlist-5353-udp']);
  expect(containers[2]?.env).toContainEqual({ name: 'ECHO_PORT', value: '5353' });
});

test('probes keep their pace, and ask what userlist answers', () => {
  const readinessProbe = { httpGet: { path: '/up', port: 'http' }, periodSeconds: 7, failureThreshold: 9 };
  const app = {
    name: 'app',
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe,
    livenessProbe: readinessProbe,
  };
  const { containers } = stood([workload([app])]);
  const asked = { tcpSocket: { port: 8080 }, periodSeconds: 7, failureThreshold: 9 };
  expect(containers[0]).toMatchObject({ readinessProbe: asked, livenessProbe: asked });
  expect(JSON.stringify(containers)).not.toContain('/up');
});

test('what is a DaemonSet stays one, without replicas; and no workload is larger than a host can bear', () => {
  const [daemons] = stood([workload([], {}, 'DaemonSet')]).workloads;
  expect(daemons?.spec).not.toHaveProperty('replicas', 3);
  expect(stood([workload([], { replicas: 500 })]).workloads[0]?.spec).toMatchObject({ replicas: 20 });
});

test('a Service whose pods no workload makes gets as many as were ready; one that had none gets none', () => {
  const seen = (saw: string) => stood([service([{ port: 80 }])], [{ what: 'Endpoints shop/web', saw }]).workloads;
  expect(seen('2 of 3 ready')).toMatchObject([{ metadata: { name: 'stand-in-web' }, spec: { replicas: 2 } }]);
  expect(seen('0 of 3 ready')).toEqual([]);
});
