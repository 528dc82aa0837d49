/**
 * kube-vip as it is run for Services on every node: what `kube-vip manifest daemonset --services --arp` prints, v1.2.3
 * (https://github.com/kube-vip/kube-vip, Apache-2.0), less what is its default anyway, with the settings that we choose.
 */
import type { LeaseTimes } from '../lease.ts';
import type { Component, KubernetesObject } from '../load-balancer.ts';

export interface KubeVip {
  readonly version: string;
  readonly times: LeaseTimes & { readonly renewSeconds: number };
  readonly servicesElection: boolean;
}

export const DAEMON_SET: Component = { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-vip-ds' };

export function daemonSet(chosen: KubeVip, lan: string): readonly KubernetesObject[] {
  const metadata = { name: DAEMON_SET.name, namespace: DAEMON_SET.namespace, labels };
  return [
    ...rights,
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod(chosen, lan) } },
    },
  ];
}

const labels = { 'app.kubernetes.io/name': DAEMON_SET.name };

function pod({ version, times, servicesElection }: KubeVip, lan: string): Readonly<Record<string, unknown>> {
  const env = {
    vip_arp: 'true',
    vip_interface: lan,
    svc_enable: 'true',
    svc_election: String(servicesElection),
    vip_leaderelection: 'true',
    vip_leaseduration: String(times.durationSeconds),
    vip_renewdeadline: String(times.renewSeconds),
    vip_retryperiod: String(times.retrySeconds),
  };
  return {
    serviceAccountName: 'kube-vip',
    hostNetwork: true,
    containers: [
      {
        name: 'kube-vip',
        image: `ghcr.io/kube-vip/kube-vip:${version}`,
        imagePullPolicy: 'IfNotPresent',
        args: ['manager'],
        env: [
          ...Object.entries(env).map(([name, value]) => ({ name, value })),
          { name: 'vip_nodename', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        ],
        securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] } },
      },
    ],
  };
}

const readers = ['list', 'get', 'watch'];

const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'system:kube-vip-role' },
  rules: [
    { apiGroups: [''], resources: ['services/status'], verbs: ['update'] },
    { apiGroups: [''], resources: ['services', 'endpoints'], verbs: [...readers, 'update'] },
    { apiGroups: [''], resources: ['nodes'], verbs: [...readers, 'update', 'patch'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: [...readers, 'update', 'create'] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: [...readers, 'update'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  ],
};

const rights: readonly KubernetesObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'kube-vip', namespace: 'kube-system' } },
  role,
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'system:kube-vip-binding' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role.metadata.name },
    subjects: [{ kind: 'ServiceAccount', name: 'kube-vip', namespace: 'kube-system' }],
  },
];
