/** The pods that checks make: userlist, one on a node. */
import { APP_PORT } from '@faultline/workload/plan';
import type { KubeObject } from './rig.ts';

export interface PodStatus {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly nodeName: string };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Wanted {
  readonly name: string;
  readonly node: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly hostPort?: number;
}

/** Called `<name>-<node>`, with the label `app: <name>`. */
export function podObject({ name, node, image, labels, hostPort }: Wanted): KubeObject {
  const field = (env: string, fieldPath: string) => ({ name: env, valueFrom: { fieldRef: { fieldPath } } });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-${node}`, labels: { app: name, ...labels } },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node },
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'userlist',
          image,
          imagePullPolicy: 'IfNotPresent',
          ports: [{ name: 'http', containerPort: APP_PORT, ...(hostPort !== undefined && { hostPort }) }],
          env: [field('POD_NAME', 'metadata.name'), field('NODE_NAME', 'spec.nodeName')],
          readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 1 },
        },
      ],
    },
  };
}
