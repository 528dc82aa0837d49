import { expect, test } from 'vitest';
import { planWorkload } from './manifests.ts';
import { DEFAULT_HOST } from './spec.ts';

const ours = { app: 'faultline/userlist:1a2b3c', replicas: 6, host: DEFAULT_HOST, place: 'spread' } as const;

interface PodTemplate {
  readonly template: {
    readonly spec: { readonly securityContext?: unknown; readonly containers: readonly Record<string, unknown>[] };
  };
}

test('the Deployment is spread over the nodes, ready by /healthz, and has no more rights than it needs', () => {
  expect(planWorkload(ours).deployment).toMatchInlineSnapshot(`
    {
      "apiVersion": "apps/v1",
      "kind": "Deployment",
      "metadata": {
        "labels": {
          "app.kubernetes.io/managed-by": "faultline",
          "app.kubernetes.io/name": "userlist",
        },
        "name": "userlist",
        "namespace": "default",
      },
      "spec": {
        "replicas": 6,
        "selector": {
          "matchLabels": {
            "app.kubernetes.io/name": "userlist",
          },
        },
        "template": {
          "metadata": {
            "labels": {
              "app.kubernetes.io/name": "userlist",
            },
          },
          "spec": {
            "automountServiceAccountToken": false,
            "containers": [
              {
                "env": [
                  {
                    "name": "POD_NAME",
                    "valueFrom": {
                      "fieldRef": {
                        "fieldPath": "metadata.name",
                      },
                    },
                  },
                  {
                    "name": "NODE_NAME",
                    "valueFrom": {
                      "fieldRef": {
                        "fieldPath": "spec.nodeName",
                      },
                    },
                  },
                  {
                    "name": "DRAIN_MS",
                    "value": "5000",
                  },
                ],
                "image": "faultline/userlist:1a2b3c",
                "imagePullPolicy": "IfNotPresent",
                "name": "userlist",
                "ports": [
                  {
                    "containerPort": 8181,
                    "name": "http",
                    "protocol": "TCP",
                  },
                  {
                    "containerPort": 8182,
                    "name": "echo",
                    "protocol": "UDP",
                  },
                ],
                "readinessProbe": {
                  "httpGet": {
                    "path": "/healthz",
                    "port": "http",
                  },
                  "periodSeconds": 1,
                },
                "resources": {
                  "limits": {
                    "memory": "256Mi",
                  },
                  "requests": {
                    "cpu": "10m",
                    "memory": "64Mi",
                  },
                },
                "securityContext": {
                  "allowPrivilegeEscalation": false,
                  "capabilities": {
                    "drop": [
                      "ALL",
                    ],
                  },
                  "readOnlyRootFilesystem": true,
                },
              },
            ],
            "enableServiceLinks": false,
            "securityContext": {
              "runAsGroup": 65532,
              "runAsNonRoot": true,
              "runAsUser": 65532,
            },
            "terminationGracePeriodSeconds": 15,
            "topologySpreadConstraints": [
              {
                "labelSelector": {
                  "matchLabels": {
                    "app.kubernetes.io/name": "userlist",
                  },
                },
                "matchLabelKeys": [
                  "pod-template-hash",
                ],
                "maxSkew": 1,
                "nodeTaintsPolicy": "Honor",
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "DoNotSchedule",
              },
            ],
          },
        },
      },
    }
  `);
});

test('the Service leads from port 80 to the pods, the Ingress from the host to the Service', () => {
  const { service, ingress } = planWorkload({ ...ours, host: 'shop.test' });
  expect([service, ingress]).toMatchInlineSnapshot(`
    [
      {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
          "labels": {
            "app.kubernetes.io/managed-by": "faultline",
            "app.kubernetes.io/name": "userlist",
          },
          "name": "userlist",
          "namespace": "default",
        },
        "spec": {
          "ports": [
            {
              "name": "http",
              "port": 80,
              "targetPort": "http",
            },
          ],
          "selector": {
            "app.kubernetes.io/name": "userlist",
          },
        },
      },
      {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {
          "labels": {
            "app.kubernetes.io/managed-by": "faultline",
            "app.kubernetes.io/name": "userlist",
          },
          "name": "userlist",
          "namespace": "default",
        },
        "spec": {
          "ingressClassName": "traefik",
          "rules": [
            {
              "host": "shop.test",
              "http": {
                "paths": [
                  {
                    "backend": {
                      "service": {
                        "name": "userlist",
                        "port": {
                          "name": "http",
                        },
                      },
                    },
                    "path": "/",
                    "pathType": "Prefix",
                  },
                ],
              },
            },
          ],
        },
      },
    ]
  `);
});

test('of another image only the port is known: ready by TCP, with the rights that it asks for', () => {
  const { template } = planWorkload({ ...ours, app: 'ssongman/userlist:v1' }).deployment.spec as unknown as PodTemplate;
  const [container] = template.spec.containers;
  expect(container).toMatchObject({
    image: 'ssongman/userlist:v1',
    readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1 },
  });
  expect([template.spec.securityContext, container?.['securityContext'], container?.['resources']]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('on servers only, the pods are not spread', () => {
  const { template } = planWorkload({ ...ours, place: 'servers' }).deployment.spec as unknown as PodTemplate;
  expect(template.spec).toMatchObject({ nodeSelector: { 'node-role.kubernetes.io/control-plane': 'true' } });
  expect(template.spec).not.toHaveProperty('topologySpreadConstraints');
});

test('UDP has a Service of its own where it is wanted, which asks for the address of the Ingress', () => {
  expect(planWorkload(ours)).not.toHaveProperty('echo');
  const annotations = { 'metallb.io/loadBalancerIPs': '198.18.7.200' };
  const { echo, service } = planWorkload(ours, { echo: { annotations } });
  expect(echo).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...service.metadata, name: 'userlist-echo', annotations },
    spec: {
      type: 'LoadBalancer',
      selector: { 'app.kubernetes.io/name': 'userlist' },
      ports: [{ name: 'echo', port: 8182, protocol: 'UDP', targetPort: 'echo' }],
    },
  });
});

test('what cannot be is refused', () => {
  expect(() => planWorkload({ ...ours, replicas: 0 })).toThrow('replicas: 0. Allowed');
});
