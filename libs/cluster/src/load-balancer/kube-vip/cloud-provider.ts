/**
 * kube-vip-cloud-provider, which gives Services addresses of a range: its manifest at v0.0.12
 * (https://github.com/kube-vip/kube-vip-cloud-provider, Apache-2.0), but that the image is pulled only where it is missing.
 */
import type { Component, KubernetesObject } from '../load-balancer.ts';

const NAME = 'kube-vip-cloud-provider';
const ACCOUNT = 'kube-vip-cloud-controller';
const NAMESPACE = 'kube-system';
const IMAGE = 'ghcr.io/kube-vip/kube-vip-cloud-provider:v0.0.12';

export const CLOUD_PROVIDER: { readonly image: string; readonly component: Component } = {
  image: IMAGE,
  component: { kind: 'Deployment', namespace: NAMESPACE, name: NAME },
};

export function cloudProvider(pool: readonly [first: string, last: string]): readonly KubernetesObject[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace: NAMESPACE } },
    role,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `system:${ACCOUNT}-binding` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role.metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: NAMESPACE }],
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kubevip', namespace: NAMESPACE },
      data: { 'range-global': pool.join('-') },
    },
    deployment,
  ];
}

const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: `system:${ACCOUNT}-role` },
  rules: [
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update', 'list', 'put'] },
    { apiGroups: [''], resources: ['configmaps', 'endpoints', 'events', 'services/status', 'leases'], verbs: ['*'] },
    { apiGroups: [''], resources: ['nodes', 'services'], verbs: ['list', 'get', 'watch', 'update'] },
  ],
};

const labels = { app: 'kube-vip', component: NAME };

const tolerations = ['node-role.kubernetes.io/master', 'node-role.kubernetes.io/control-plane'].map((key) => ({
  key,
  effect: 'NoSchedule',
}));

const preferred = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'].map((key) => ({
  weight: 10,
  preference: { matchExpressions: [{ key, operator: 'Exists' }] },
}));

const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: NAME, namespace: NAMESPACE },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: ACCOUNT,
        containers: [
          {
            name: NAME,
            image: IMAGE,
            imagePullPolicy: 'IfNotPresent',
            command: ['/kube-vip-cloud-provider', '--leader-elect-resource-name=kube-vip-cloud-controller'],
          },
        ],
        tolerations,
        affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
      },
    },
  },
};
