/** Kubernetes objects that several claims need, and what is read of them. */
import { DEFAULT_HOST } from '@faultline/workload/plan';
import type { Answer, KubeObject, Rig } from '../rig.ts';

export const DEFAULT_APP = { 'app.kubernetes.io/name': 'userlist' } as const;

type Fields = Readonly<Record<string, unknown>>;

/** In front of the app that the cluster was booted with, unless the spec has another selector. */
export const service = (name: string, spec: Fields = {}, metadata: Fields = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { selector: DEFAULT_APP, ports: [{ name: 'http', port: 80, targetPort: 8181 }], ...spec },
});

export const balanced = (name: string, port: number, spec: Fields = {}, metadata: Fields = {}): KubeObject =>
  service(name, { type: 'LoadBalancer', ports: [{ name: 'http', port, targetPort: 8181 }], ...spec }, metadata);

export const ingress = (name: string, host: string, spec: Fields = {}, metadata: Fields = {}): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { ingressClassName: 'traefik', rules: [rule(host)], ...spec },
});

export const rule = (host: string, path = '/', to = 'userlist'): Fields => ({
  host,
  http: { paths: [{ path, pathType: 'Prefix', backend: { service: { name: to, port: { number: 80 } } } }] },
});

export interface Named {
  readonly metadata: { readonly name: string; readonly uid: string };
}

/** The pods that ServiceLB made for a Service. */
export const balancerPods = (rig: Rig, of: string): Promise<readonly Named[]> =>
  rig.list<Named>('pods', '--namespace=kube-system', `--selector=svccontroller.k3s.cattle.io/svcname=${of}`);

export async function addressesOf(rig: Rig, name: string, namespace = 'default'): Promise<readonly string[]> {
  const path = 'jsonpath={.status.loadBalancer.ingress[*].ip}';
  const text = await rig.kubectl('get', 'service', name, '--namespace', namespace, '--output', path);
  return text.split(' ').filter(Boolean).toSorted();
}

export const nodeAddresses = (rig: Rig): readonly string[] =>
  rig.cluster.nodes.map(({ address }) => address).toSorted();

/** Waits until the Service has an address, or gives up: what it has then. */
export async function settledAddresses(
  rig: Rig,
  name: string,
  isSo: (addresses: readonly string[]) => boolean,
  withinMs = 25_000,
): Promise<readonly string[]> {
  return await rig.until('addresses', withinMs, () => addressesOf(rig, name), isSo).catch(() => addressesOf(rig, name));
}

/** Through the Ingress controller of the first node, until it is so or the time is over: routes take a moment. */
export async function throughIngress(
  rig: Rig,
  host: string = DEFAULT_HOST,
  { path = '/whoami', isSo = ({ status }) => status !== '404', withinMs = 12_000, scheme = 'http' }: Through = {},
): Promise<Answer> {
  const url = `${scheme}://${host}${path}`;
  const port = scheme === 'http' ? 80 : 443;
  const curl = ['--insecure', '--resolve', `${host}:${port}:${rig.server.address}`];
  const ask = () => rig.asked(url, { curl });
  return await rig.until(url, withinMs, ask, isSo).catch(() => ask());
}

interface Through {
  readonly path?: string;
  readonly isSo?: (answer: Answer) => boolean;
  readonly withinMs?: number;
  readonly scheme?: 'http' | 'https';
}

export interface WhoAmI {
  readonly pod: string;
  readonly node: string;
  readonly address: string;
  readonly remoteAddress: string;
  readonly forwardedFor: string | null;
}

export const whoAmI = ({ body, status }: Answer): WhoAmI => {
  if (status !== '200') throw new Error(`/whoami gave ${status}`);
  return JSON.parse(body) as WhoAmI;
};
