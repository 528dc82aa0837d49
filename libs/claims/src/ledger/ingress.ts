/** What Ingress and IngressRoute do with k3s' Traefik. */
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { KubeObject, Rig } from '../rig.ts';
import { ingress, rule, service, throughIngress, whoAmI } from './objects.ts';

const V2 = 'v1.32.1+k3s1';
const tls = (secretName: string) => ({ tls: [{ hosts: [HOST_OF_CERTIFICATE], secretName }] });

/** A name in the certificate of the API server, which is at hand on every server. */
export const HOST_OF_CERTIFICATE = 'kubernetes.default.svc';

/** The API server's certificate as a Secret of this disposable cluster. */
export async function makeCertificate(rig: Rig, name: string): Promise<void> {
  const pair = '/var/lib/rancher/k3s/server/tls/serving-kube-apiserver';
  rig.defer(() => rig.kubectl('delete', 'secret', name, '--namespace=default', '--ignore-not-found'));
  await rig.kubectl('create', 'secret', 'tls', name, '--namespace=default', `--cert=${pair}.crt`, `--key=${pair}.key`);
}

/** Whose certificate is shown for this name, e.g. `TRAEFIK DEFAULT CERT`. */
export async function subjectShown(rig: Rig, host: string): Promise<string> {
  const at = ['--resolve', `${host}:443:${rig.server.address}`];
  const argv = ['curl', '--silent', '--insecure', '--output', '/dev/null', '--write-out', '%{certs}', ...at];
  const { stdout } = await rig.cluster.client.exec([...argv, `https://${host}/`], {
    signal: rig.signal,
    accept: 'any',
  });
  return /^Subject:(.*)$/m.exec(stdout)?.[1]?.trim() ?? `no certificate: ${stdout.slice(0, 80)}`;
}

const route = (name: string, host: string, spec: Readonly<Record<string, unknown>>, extra = {}): KubeObject => ({
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'IngressRoute',
  metadata: { name, namespace: 'default' },
  spec: {
    entryPoints: ['web', 'websecure'],
    routes: [{ kind: 'Rule', match: `Host(\`${host}\`)`, services: [{ name: 'userlist', port: 80 }], ...spec }],
    ...extra,
  },
});

const middleware: KubeObject = {
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'Middleware',
  metadata: { name: 'rate-limit', namespace: 'default' },
  spec: { rateLimit: { average: 1000, burst: 1000 } },
};

export const routes: readonly Claim[] = [
  clusterClaim({
    id: 'A14',
    sentence: 'tls.certResolver: letsencrypt in an IngressRoute gives the route a certificate of its own.',
    stands: ['S0', 'IngressRoute (Traefik CRD)'],
    predicted: ['false', 'nobody defines that resolver: the router serves Traefik’s default certificate'],
    alsoOn: [V2],
    setUp: 'default',
    alone: true,
    here: { is: 'certResolver: letsencrypt', of: { certResolver: 'letsencrypt' } },
    twin: { is: 'secretName of a certificate that is there', shows: 'control', of: { secretName: '' } },
    ask: async (rig: Rig, given: { readonly certResolver?: string; readonly secretName?: string }) => {
      const section = given.certResolver ? given : { secretName: rig.name };
      await makeCertificate(rig, rig.name);
      await rig.apply(route(rig.name, HOST_OF_CERTIFICATE, {}, { entryPoints: ['websecure'], tls: section }));
      const { status } = await throughIngress(rig, HOST_OF_CERTIFICATE, { scheme: 'https' });
      const isOwn = (subject: string) => !subject.includes('TRAEFIK DEFAULT CERT') && !subject.startsWith('no ');
      const ask = () => subjectShown(rig, HOST_OF_CERTIFICATE);
      const subject = await rig.until('a certificate of its own', 8000, ask, isOwn).catch(ask);
      return seen(isOwn(subject), `https gives ${status} with ${subject}`);
    },
  }),
  clusterClaim({
    id: 'A15',
    sentence: 'An IngressRoute may name the Middleware rate-limit, which nothing defines, and serves all the same.',
    stands: ['S0', 'IngressRoute (Traefik CRD)'],
    predicted: ['false', 'the router is disabled: 404'],
    alsoOn: [V2],
    setUp: 'default',
    here: { is: 'without the Middleware', of: [] },
    twin: { is: 'with the Middleware', shows: 'control', of: [middleware] },
    ask: async (rig: Rig, others: readonly KubeObject[]) => {
      const host = `${rig.name}.faultline.test`;
      await rig.apply(...others, route(rig.name, host, { middlewares: [{ name: 'rate-limit' }] }));
      const { status } = await throughIngress(rig, host, { withinMs: 10_000 });
      return seen(status === '200', `10 s later: ${status}`);
    },
  }),
  clusterClaim({
    id: 'A16',
    sentence: 'Traefik’s own kinds are of the group traefik.io/v1alpha1.',
    stands: ['S0', 'IngressRoute (Traefik CRD)'],
    predicted: ['true', 'the older traefik.containo.us is gone from chart 34 on'],
    setUp: 'default',
    here: { is: 'traefik.io', of: 'traefik.io' },
    twin: { is: 'traefik.containo.us', shows: 'control', of: 'traefik.containo.us' },
    ask: async (rig: Rig, group: string) => {
      const { text } = await rig.said('get', `ingressroutes.${group}`, '--all-namespaces', '--output=name');
      return seen(!text.includes("doesn't have a resource type"), text.split('\n')[0] || 'served, and there is none');
    },
  }),
  clusterClaim({
    id: 'A104',
    sentence: 'An Ingress with spec.tls on the entry points web and websecure is served by https alone.',
    stands: ['S0', 'Basic Ingress'],
    predicted: ['false', 'spec.tls only loads a certificate; http goes on answering 200'],
    alsoOn: [V2],
    setUp: 'default',
    alone: true,
    here: { is: 'the annotation router.entrypoints: web,websecure', of: false },
    twin: { is: 'and router.tls: "true"', shows: 'control', of: true },
    ask: async (rig: Rig, isTls: boolean) => {
      const host = `${rig.name}.faultline.test`;
      await makeCertificate(rig, rig.name);
      const prefix = 'traefik.ingress.kubernetes.io/router';
      const annotations = { [`${prefix}.entrypoints`]: 'web,websecure', ...(isTls && { [`${prefix}.tls`]: 'true' }) };
      const spec = { rules: [rule(host)], ...tls(rig.name) };
      await rig.apply(ingress(rig.name, host, spec, { annotations }));
      const isSo = ({ status }: { status: string }) => status === '200';
      const https = await throughIngress(rig, host, { scheme: 'https', isSo });
      const http = await throughIngress(rig, host, { withinMs: 3000 });
      return seen(http.status !== '200' && https.status === '200', `http ${http.status}, https ${https.status}`);
    },
  }),
  clusterClaim({
    id: 'A105',
    sentence: 'An Ingress of class traefik is served by its host name at every node’s address.',
    stands: ['S4', '3) Ingress'],
    predicted: ['true', 'by the Host header; nip.io itself needs the Internet'],
    alsoOn: [V2],
    setUp: 'default',
    here: { is: 'userlist.<address>.nip.io, resolved locally', of: 'userlist' },
    twin: { is: 'a host name of no Ingress', shows: 'control', of: 'nobody' },
    ask: async (rig: Rig, name: string) => {
      const host = `${name}.${rig.server.address}.nip.io`;
      await rig.apply(ingress(rig.name, `userlist.${rig.server.address}.nip.io`));
      await throughIngress(rig, host, { path: '/users/1' });
      const answers = await Promise.all(
        rig.cluster.nodes.map(({ address }) => rig.asked(`http://${address}/users/1`, { headers: { host } })),
      );
      const statuses = answers.map(({ status }) => status);
      return seen(
        statuses.every((status) => status === '200'),
        `GET /users/1 on each node: ${statuses.join(', ')}`,
      );
    },
  }),
  clusterClaim({
    id: 'A106',
    sentence: 'An Ingress without a class is served by Traefik.',
    stands: ['S2', '3.1 Basic Ingress'],
    predicted: ['true', 'k3s’ IngressClass traefik is the default'],
    setUp: 'default',
    here: { is: 'no class', of: {} },
    twin: { is: 'a class of somebody else', shows: 'control', of: { ingressClassName: 'nobody' } },
    ask: async (rig: Rig, spec: Readonly<Record<string, string>>) => {
      const host = `${rig.name}.faultline.test`;
      const { ingressClassName: _, ...rest } = ingress(rig.name, host)['spec'] as Readonly<Record<string, unknown>>;
      await rig.apply({ ...ingress(rig.name, host), spec: { ...rest, ...spec } });
      const { status } = await throughIngress(rig, host);
      return seen(status === '200', `12 s later at the latest: ${status}`);
    },
  }),
  clusterClaim({
    id: 'A107',
    sentence: 'pathType Prefix compares whole elements: /users does not match /usersfoo.',
    stands: ['S2', '3.1 Basic Ingress'],
    predicted: ['false', 'Traefik compares strings, unless told otherwise (strictPrefixMatching, from 3.5 on)'],
    alsoOn: [V2],
    setUp: 'default',
    here: { is: '/usersfoo', of: '/usersfoo' },
    twin: { is: '/others, which no rule is about', shows: 'control', of: '/others' },
    ask: async (rig: Rig, path: string) => {
      const host = `${rig.name}.faultline.test`;
      await rig.apply(ingress(rig.name, host, { rules: [rule(host, '/users')] }));
      await throughIngress(rig, host, { path: '/users/1' });
      const { status, headers } = await throughIngress(rig, host, { path, withinMs: 1000 });
      const by = headers['x-answered-by'];
      return seen(by === undefined, `${path}: ${status}, by ${by ?? 'Traefik itself'}`);
    },
  }),
  clusterClaim({
    id: 'A112',
    sentence: 'Through the Ingress, the app’s peer is the Traefik pod and not the client.',
    stands: ['S3', '1. Traffic flow'],
    predicted: ['true', 'what of the client is left stands in X-Forwarded-For'],
    setUp: 'default',
    here: { is: 'the Ingress', of: 'ingress' },
    twin: { is: 'a Service of its own with externalTrafficPolicy Local', shows: 'control', of: 'local' },
    ask: async (rig: Rig, how: 'ingress' | 'local') => {
      const [traefik] = await rig.places('--namespace=kube-system', '--selector=app.kubernetes.io/name=traefik');
      const spec = {
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        ports: [{ port: rig.port, targetPort: 8181 }],
      };
      if (how === 'local') await rig.apply(service(rig.name, spec));
      const ask = () =>
        how === 'ingress' ? throughIngress(rig) : rig.asked(`http://${rig.server.address}:${rig.port}/whoami`);
      const answer = await rig.until('200', 20_000, ask, ({ status }) => status === '200');
      const { remoteAddress, forwardedFor } = whoAmI(answer);
      const others = `Traefik ${traefik?.address}, client ${rig.cluster.client.address}`;
      const saw = `the app saw ${remoteAddress}, X-Forwarded-For ${forwardedFor}; ${others}`;
      return seen(remoteAddress === traefik?.address, saw);
    },
  }),
  clusterClaim({
    id: 'A115',
    sentence: 'An Ingress whose Service has no endpoint answers 404.',
    stands: ['ledger', 'allowEmptyServices'],
    predicted: ['outdated', 'charts from 34 on allow empty Services, and then it is 503'],
    outdatedSince: 'chart 34 (k3s v1.32.2)',
    alsoOn: [V2, 'v1.35.1+k3s1'],
    setUp: 'default',
    here: { is: 'a Service without pods', of: '' },
    twin: { is: 'a host of no Ingress', shows: 'control', of: 'nobody.faultline.test' },
    ask: async (rig: Rig, given: string) => {
      const own = `${rig.name}.faultline.test`;
      const host = given || own;
      await rig.apply(
        service(rig.name, { selector: { app: 'nobody' } }),
        ingress(rig.name, own, { rules: [rule(own, '/', rig.name)] }),
      );
      const { status } = await throughIngress(rig, host, { withinMs: 8000 });
      return seen(status === '404', `8 s later at the latest: ${status}`);
    },
  }),
  clusterClaim({
    id: 'A118',
    sentence: 'An Ingress with a TLS Secret is served with the certificate of that Secret.',
    stands: ['S2', '3.2 TLS'],
    predicted: ['true with a limit', 'by the name that the client asks for; others get the default certificate'],
    setUp: 'default',
    alone: true,
    here: { is: 'a name in the certificate', of: HOST_OF_CERTIFICATE },
    twin: { is: 'a host of the same Ingress that is not in it', shows: 'limit', of: 'a118.faultline.test' },
    ask: async (rig: Rig, host: string) => {
      await makeCertificate(rig, rig.name);
      const both = [rule(HOST_OF_CERTIFICATE), rule('a118.faultline.test')];
      await rig.apply(ingress(rig.name, host, { rules: both, ...tls(rig.name) }));
      const isOwn = (subject: string) => !subject.includes('TRAEFIK DEFAULT CERT') && !subject.startsWith('no ');
      const ask = () => subjectShown(rig, host);
      const subject = await rig.until('a certificate', 10_000, ask, isOwn).catch(ask);
      return seen(isOwn(subject), `for ${host}: ${subject}`);
    },
  }),
];
