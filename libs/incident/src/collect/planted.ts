/** A cluster in which somebody left secrets in every place where they could be, for tests. Each is another one. */
import type { RawObject } from './object.ts';

const b64 = (text: string): string => Buffer.from(text).toString('base64');

/** Where each stands -> what it is. Some look like secrets, others like any word: no pattern would find those. */
export const PLANTED = {
  'Secret data': 'purple-monkey-1',
  'Secret stringData': 'purple-monkey-2',
  'ConfigMap data': 'purple-monkey-3',
  'environment value': 'purple-monkey-4',
  command: 'purple-monkey-5',
  argument: 'purple-monkey-6',
  'annotation of kubectl': 'purple-monkey-7',
  'annotation of the pod': 'purple-monkey-8',
  'label that nobody selects': 'purple-monkey-9',
  'header of a probe': 'purple-monkey-10',
  'query of a probe': 'purple-monkey-11',
  'command of a probe': 'purple-monkey-12',
  'credentials in an image': 'purple-monkey-13',
  'header that a middleware sets': 'purple-monkey-14',
  'URL of a middleware': 'purple-monkey-15',
  'query of a middleware': 'purple-monkey-16',
  'option of a plugin': 'purple-monkey-17',
  'header in a rule': 'purple-monkey-18',
  'query in a rule': 'purple-monkey-19',
  'users of a middleware': 'admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/',
  'token of k3s': 'K10aabbccddeeff00112233445566778899aabbccddeeff::server:purple-monkey-20',
  'datastore of k3s': 'postgres://k3s:purple-monkey-21@10.0.0.5/k3s',
  'S3 key of k3s': 'purple-monkey-22',
  'environment of k3s': 'purple-monkey-23',
  'argument of a chart': 'purple-monkey-24',
  'environment of a chart': 'purple-monkey-25',
  'object beside a chart': 'purple-monkey-26',
  'certificate resolver': 'purple-monkey-27',
  'tracing of a chart': 'purple-monkey-28',
  'annotation of a Service of a chart': 'purple-monkey-29',
  'message of an Event': 'purple-monkey-30',
  'annotation of an Ingress': 'purple-monkey-31',
  'annotation of a Node': 'purple-monkey-32',
  'label of a Node': 'purple-monkey-33',
  'private key': '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----',
  'JSON web token': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJlc2lnbmF0dXJl',
  'volume of a pod': 'purple-monkey-34',
  'condition of a Deployment': 'purple-monkey-35',
  'pull secret': 'purple-monkey-36',
  'name of a Secret': 'purple-monkey-37',
  'values of another chart': 'purple-monkey-38',
} as const;

export function plantedCluster(): readonly RawObject[] {
  const secret = PLANTED;
  return [
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: 'rack-7',
        labels: { 'node-role.kubernetes.io/control-plane': 'true', disk: 'ssd', note: secret['label of a Node'] },
        annotations: {
          'k3s.io/node-args': JSON.stringify([
            'server',
            '--flannel-backend',
            'host-gw',
            '--token',
            secret['token of k3s'],
            '--datastore-endpoint',
            secret['datastore of k3s'],
            `--etcd-s3-secret-key=${secret['S3 key of k3s']}`,
            '--disable',
            'metrics-server',
          ]),
          'k3s.io/node-env': JSON.stringify({ K3S_TOKEN: secret['environment of k3s'] }),
          'example.com/note': secret['annotation of a Node'],
        },
      },
      spec: { taints: [{ key: 'dedicated', value: 'edge', effect: 'NoSchedule' }] },
      status: {
        addresses: [{ type: 'InternalIP', address: '192.168.7.31' }],
        conditions: [{ type: 'Ready', status: 'True' }],
        nodeInfo: { kubeletVersion: 'v1.33.3+k3s1' },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'users', namespace: 'shop' },
      data: { users: b64(secret['Secret data']) },
      stringData: { more: secret['Secret stringData'] },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'shop' },
      data: { 'settings.ini': `x = ${secret['ConfigMap data']}` },
    },
    deployment(),
    ...routes(),
    ...charts(),
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'web.1', namespace: 'shop' },
      type: 'Warning',
      reason: 'Failed',
      message: `pull failed: https://robot:${secret['message of an Event']}@registry.test`,
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-5d8f9c7b6d-x2x4z' },
      count: 4,
      lastTimestamp: '2026-11-22T01:00:00Z',
    },
  ];
}

function deployment(): RawObject {
  const secret = PLANTED;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'shop',
      labels: { owner: secret['label that nobody selects'] },
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': `{"env":"${secret['annotation of kubectl']}"}`,
      },
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' }, annotations: { 'vault/inline': secret['annotation of the pod'] } },
        spec: {
          nodeSelector: { disk: 'ssd' },
          imagePullSecrets: [{ name: secret['pull secret'] }],
          volumes: [{ name: 'v', csi: { volumeAttributes: { password: secret['volume of a pod'] } } }],
          containers: [
            {
              name: 'web',
              image: `robot:${secret['credentials in an image']}@registry.test/web:1`,
              command: ['serve', `--password=${secret['command']}`],
              args: [secret['argument']],
              env: [{ name: 'DB_PASSWORD', value: secret['environment value'] }],
              ports: [{ containerPort: 8080, name: 'http' }],
              readinessProbe: {
                httpGet: {
                  path: `/ready?key=${secret['query of a probe']}`,
                  port: 'http',
                  httpHeaders: [{ name: 'Authorization', value: secret['header of a probe'] }],
                },
              },
              livenessProbe: { exec: { command: ['check', secret['command of a probe']] }, periodSeconds: 5 },
            },
          ],
        },
      },
    },
    status: {
      readyReplicas: 2,
      conditions: [{ type: 'Available', status: 'True', message: secret['condition of a Deployment'] }],
    },
  };
}

function routes(): readonly RawObject[] {
  const secret = PLANTED;
  const middleware = (name: string, spec: object): RawObject => ({
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'Middleware',
    metadata: { name, namespace: 'shop' },
    spec,
  });
  return [
    middleware('set', {
      headers: { customRequestHeaders: { 'X-Upstream': secret['header that a middleware sets'], 'X-Gone': '' } },
    }),
    middleware('ask', {
      forwardAuth: {
        address: `https://auth:${secret['URL of a middleware']}@auth.test/check?k=${secret['query of a middleware']}`,
      },
    }),
    middleware('plug', { plugin: { geo: { licence: secret['option of a plugin'] } } }),
    middleware('in', { basicAuth: { secret: secret['name of a Secret'], users: [secret['users of a middleware']] } }),
    {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'IngressRoute',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        entryPoints: ['web'],
        routes: [
          {
            match: [
              'Host(`shop.test`)',
              `Header(\`X-Pass\`, \`${secret['header in a rule']}\`)`,
              `Query(\`k\`, \`${secret['query in a rule']}\`)`,
            ].join(' && '),
            kind: 'Rule',
            services: [{ name: 'web', port: 80 }],
          },
        ],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: 'web',
        namespace: 'shop',
        annotations: {
          'traefik.ingress.kubernetes.io/router.entrypoints': 'web',
          'example.com/basic': secret['annotation of an Ingress'],
          'example.com/key': secret['private key'],
          'example.com/jwt': secret['JSON web token'],
        },
      },
      spec: { rules: [{ host: 'shop.test' }], tls: [{ hosts: ['shop.test'], secretName: 'shop-tls' }] },
    },
  ];
}

function charts(): readonly RawObject[] {
  const secret = PLANTED;
  const config = (name: string, valuesContent: string): RawObject => ({
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChartConfig',
    metadata: { name, namespace: 'kube-system' },
    spec: { valuesContent },
  });
  return [
    config(
      'traefik',
      `
additionalArguments:
  - "--log.level=DEBUG"
  - "--hub.token=${secret['argument of a chart']}"
env: [{name: DNS_KEY, value: ${secret['environment of a chart']}}]
extraObjects: [{kind: Secret, stringData: {x: ${secret['object beside a chart']}}}]
certResolvers: {le: {email: me@shop.test, eab: {hmacEncoded: ${secret['certificate resolver']}}}}
tracing: {elastic: {secretToken: ${secret['tracing of a chart']}}}
service: {annotations: {cloud/key: ${secret['annotation of a Service of a chart']}}, spec: {externalTrafficPolicy: Local}}
deployment: {replicas: 2}
`,
    ),
    config('other', `password: ${secret['values of another chart']}`),
  ];
}
