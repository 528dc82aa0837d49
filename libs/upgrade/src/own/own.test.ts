import { expect, test } from 'vitest';
import { ownCases } from './own.ts';

const images = { app: 'userlist:1', isAtHand: (image: string) => image === 'at/hand:1' };
const own = (text: string) => ownCases([{ file: 'mine.yaml', text }], images);

const route = `
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
    - match: Host(\`a.test\`, \`b.test\`) && PathPrefix(\`/api\`) && Method(\`POST\`)
      middlewares: [{name: strip}]
`;
const middleware = `
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: strip, namespace: shop}
spec: {stripPrefix: {prefixes: [/api]}}
`;

test('a route is asked for every name and path that stand in its rule, at the entry point that it is for', () => {
  const { cases } = own(route);
  const asked = cases.find(({ name }) => name === 'IngressRoute shop/web')?.assertions.map(({ what }) => what);
  expect(asked).toEqual(['POST https://a.test/api', 'POST https://b.test/api']);
});

test('a route brings the middlewares that it goes through, so that what lint says of them is said of it', () => {
  const { cases } = own(`${middleware}---${route}`);
  expect(cases.find(({ name }) => name === 'IngressRoute shop/web')?.manifest).toContain('stripPrefix');
});

test('an Ingress is asked by host and path; a star is any name', () => {
  const { cases } = own(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {traefik.ingress.kubernetes.io/router.middlewares: default-auth@kubernetescrd}}
spec:
  rules:
    - {host: '*.shop.test', http: {paths: [{path: /cart, pathType: Prefix}]}}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: auth}
spec: {basicAuth: {secret: users}}
`);
  const ingress = cases.find(({ name }) => name === 'Ingress default/web');
  expect(ingress?.assertions.map(({ what }) => what)).toEqual(['http://any.shop.test/cart']);
  expect(ingress?.manifest).toContain('basicAuth');
});

const deployment = (image: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 5
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: '${image}', command: [run], ports: [{containerPort: 3000}, {containerPort: 9090}]}]}
`;

test('an image that cannot be had is replaced by userlist on the same ports, and that is said', () => {
  const { cases, notes, images: wanted } = own(deployment('private/api:7'));
  const text = cases.map(({ manifest }) => manifest).join('');
  expect(text).toContain('"value": "3000"');
  expect(text).toContain('"value": "9090"');
  expect(text).not.toContain('private/api:7');
  expect(notes.join()).toContain('private/api:7 cannot be had; userlist stands in');
  expect(wanted).toEqual([]);
});

test('an image at hand is kept, and nodes are to have it', () => {
  const { cases, images: wanted } = own(deployment('at/hand:1'));
  expect(cases.map(({ manifest }) => manifest).join('')).toContain('at/hand:1');
  expect(wanted).toEqual(['at/hand:1']);
});

test('a Service with nothing behind it gets a stand-in on its target ports', () => {
  const { cases, notes } = own(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}, {port: 81, targetPort: 8081}]}
`);
  const text = cases.map(({ manifest }) => manifest).join('');
  expect(text).toContain('"name": "stand-in-web"');
  expect(text).toContain('"containerPort": 8081');
  expect(text).toContain('"kind": "Namespace"');
  expect(text).not.toContain('LoadBalancer');
  expect(notes.join()).toContain('nothing of yours is behind it');
});

test('what a cluster has itself is left out and named, and what cannot be read too', () => {
  const { cases, notes } = own(`
apiVersion: v1
kind: Service
metadata: {name: traefik, namespace: kube-system}
---
a: [
`);
  expect(cases).toEqual([]);
  expect(notes.join('\n')).toContain('Service kube-system/traefik');
  expect(notes.join('\n')).toContain('mine.yaml: left out, it cannot be read');
});

test('the values of the chart come first: they decide how the rest is read', () => {
  const { cases } = own(`${route}---
apiVersion: helm.cattle.io/v1
kind: HelmChartConfig
metadata: {name: traefik, namespace: kube-system}
spec: {valuesContent: 'ports: {}'}
`);
  expect(cases[0]?.name).toBe('HelmChartConfig kube-system/traefik');
});
