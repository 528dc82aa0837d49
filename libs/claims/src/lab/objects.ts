/** What the lab applies: the app's own kustomization, an Ingress, and names of nip.io that need no Internet. */
import type { KubeObject, Rig } from '../rig.ts';

const labels = { app: 'userlist' };

/** As the app's kustomization has it, with our stand-in for its image, and a probe, which that lacks. */
export const userlist = (rig: Rig, replicas: number): readonly KubeObject[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'userlist', labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container(rig.app)] } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'userlist-svc' },
    spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8181 }] },
  },
];

const container = (image: string) => ({
  name: 'userlist',
  image,
  imagePullPolicy: 'IfNotPresent',
  ports: [{ containerPort: 8181 }],
  env: [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  ],
  readinessProbe: { httpGet: { path: '/healthz', port: 8181 }, periodSeconds: 1 },
});

export const hostOf = (address: string): string => `userlist.${address}.nip.io`;

/** A rule for each node's own name. */
export const labIngress = (addresses: readonly string[]): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'userlist-ingress' },
  spec: {
    ingressClassName: 'traefik',
    rules: addresses.map((address) => ({
      host: hostOf(address),
      http: {
        paths: [
          { path: '/', pathType: 'Prefix', backend: { service: { name: 'userlist-svc', port: { number: 80 } } } },
        ],
      },
    })),
  },
});

/** nip.io is a DNS server that answers with the address in the name. So does CoreDNS, where it is told to. */
export const nipIo: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'coredns-custom', namespace: 'kube-system' },
  data: {
    'nip-io.server': [
      'nip.io:53 {',
      '  template IN A nip.io {',
      String.raw`    match "^[^.]+\.(?P<address>\d+\.\d+\.\d+\.\d+)\.nip\.io\.$"`,
      '    answer "{{ .Name }} 60 IN A {{ .Group.address }}"',
      '  }',
      '}',
    ].join('\n'),
  },
};
