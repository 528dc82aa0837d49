/** The kinds of objects that lint looks at: how files name them, and how a cluster lists them. */

export interface Kind {
  readonly groups: readonly string[];
  readonly version: string;
  readonly plural: string;
}

const TRAEFIK = { groups: ['traefik.io', 'traefik.containo.us'], version: 'v1alpha1' };
const LEGACY = { groups: ['traefik.containo.us'], version: 'v1alpha1' };

export type KindName =
  | 'IngressRoute'
  | 'IngressRouteTCP'
  | 'IngressRouteUDP'
  | 'Middleware'
  | 'MiddlewareTCP'
  | 'ServersTransport'
  | 'TLSOption'
  | 'TLSStore'
  | 'TraefikService'
  | 'Ingress'
  | 'NetworkPolicy'
  | 'Service'
  | 'HelmChartConfig'
  | 'PrometheusRule'
  | 'CustomResourceDefinition';

export const kinds: Readonly<Record<KindName, Kind>> = {
  IngressRoute: { ...TRAEFIK, plural: 'ingressroutes' },
  IngressRouteTCP: { ...TRAEFIK, plural: 'ingressroutetcps' },
  IngressRouteUDP: { ...LEGACY, plural: 'ingressrouteudps' },
  Middleware: { ...TRAEFIK, plural: 'middlewares' },
  MiddlewareTCP: { ...TRAEFIK, plural: 'middlewaretcps' },
  ServersTransport: { ...LEGACY, plural: 'serverstransports' },
  TLSOption: { ...TRAEFIK, plural: 'tlsoptions' },
  TLSStore: { ...LEGACY, plural: 'tlsstores' },
  TraefikService: { ...LEGACY, plural: 'traefikservices' },
  Ingress: { groups: ['networking.k8s.io'], version: 'v1', plural: 'ingresses' },
  NetworkPolicy: { groups: ['networking.k8s.io'], version: 'v1', plural: 'networkpolicies' },
  Service: { groups: [''], version: 'v1', plural: 'services' },
  HelmChartConfig: { groups: ['helm.cattle.io'], version: 'v1', plural: 'helmchartconfigs' },
  PrometheusRule: { groups: ['monitoring.coreos.com'], version: 'v1', plural: 'prometheusrules' },
  CustomResourceDefinition: { groups: ['apiextensions.k8s.io'], version: 'v1', plural: 'customresourcedefinitions' },
};

export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/', 1)[0] ?? '') : '';

/** @returns undefined for what lint knows nothing about. */
export function kindNamed(apiVersion: string, kind: string): KindName | undefined {
  if (!Object.hasOwn(kinds, kind)) return undefined;
  return kinds[kind as KindName].groups.includes(groupOf(apiVersion)) ? (kind as KindName) : undefined;
}
