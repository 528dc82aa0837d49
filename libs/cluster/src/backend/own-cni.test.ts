import { expect, test } from 'vitest';
import { planCluster } from '../plan-cluster.ts';
import { imagesIn } from './own-cni.ts';

const manifest = `apiVersion: apps/v1
kind: DaemonSet
spec:
  template:
    spec:
      initContainers:
        - name: install-cni
          image: docker.io/calico/cni:v3.27.0 # the plugins
        - image: "docker.io/calico/node:v3.27.0"
          imagePullPolicy: IfNotPresent
      containers:
        - name: again
          image: 'docker.io/calico/node:v3.27.0'
          env: [{ name: NOTE, value: "image: of nothing" }]
`;

test('the images of a manifest are those that its containers name, each once', () => {
  expect(imagesIn(manifest)).toEqual(['docker.io/calico/cni:v3.27.0', 'docker.io/calico/node:v3.27.0']);
  expect(imagesIn('')).toEqual([]);
});

test('a CNI of your own is planned with its images, which nodes could not pull', () => {
  const wish = { substrate: 'k3s', servers: 1, agents: 0, backend: 'none', loadBalancer: 'servicelb' };
  const options = { tools: 'tools', app: 'app', subnet: null };
  const plan = planCluster({ ...wish, cni: { name: 'calico.yaml', manifest } }, options);
  expect(plan.images.slice(-2)).toEqual(imagesIn(manifest));
  expect(plan.spec.cni?.name).toBe('calico.yaml');
});
