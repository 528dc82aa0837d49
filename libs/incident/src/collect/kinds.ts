/** What is read of a cluster, and what is kept of it: the whole list. No Secret and no ConfigMap is on it. */
import { fields, type Keep } from './keep.ts';
import { chartConfig } from './shape/chart.ts';
import { ingress, networkPolicy, service } from './shape/network.ts';
import * as traefik from './shape/traefik.ts';
import { disruptionBudget, workload } from './shape/workload.ts';

/** How a cluster lists a kind. */
export interface Kind {
  /** Tried in this order; a cluster that does not know a group has no objects of it. */
  readonly apiVersions: readonly string[];
  readonly plural: string;
  readonly namespaced: boolean;
}

const TRAEFIK = ['traefik.io/v1alpha1', 'traefik.containo.us/v1alpha1'];
const own = (plural: string): Kind => ({ apiVersions: TRAEFIK, plural, namespaced: true });
const of = (apiVersion: string, plural: string, namespaced = true): Kind => ({
  apiVersions: [apiVersion],
  plural,
  namespaced,
});

/** Kinds that are applied in a replay, in the order of applying, with what is kept of their spec. */
export const KEPT: Readonly<Record<string, Kind & { readonly spec: Keep }>> = {
  Namespace: { ...of('v1', 'namespaces', false), spec: fields({}) },
  HelmChartConfig: { ...of('helm.cattle.io/v1', 'helmchartconfigs'), spec: chartConfig },
  NetworkPolicy: { ...of('networking.k8s.io/v1', 'networkpolicies'), spec: networkPolicy },
  Deployment: { ...of('apps/v1', 'deployments'), spec: workload },
  StatefulSet: { ...of('apps/v1', 'statefulsets'), spec: workload },
  DaemonSet: { ...of('apps/v1', 'daemonsets'), spec: workload },
  PodDisruptionBudget: { ...of('policy/v1', 'poddisruptionbudgets'), spec: disruptionBudget },
  Service: { ...of('v1', 'services'), spec: service },
  TLSOption: { ...own('tlsoptions'), spec: traefik.tlsOption },
  TLSStore: { ...own('tlsstores'), spec: traefik.tlsStore },
  ServersTransport: { ...own('serverstransports'), spec: traefik.serversTransport },
  Middleware: { ...own('middlewares'), spec: traefik.middleware },
  MiddlewareTCP: { ...own('middlewaretcps'), spec: traefik.middleware },
  TraefikService: { ...own('traefikservices'), spec: traefik.traefikService },
  IngressRoute: { ...own('ingressroutes'), spec: traefik.ingressRoute },
  IngressRouteTCP: { ...own('ingressroutetcps'), spec: traefik.ingressRouteTcp },
  IngressRouteUDP: { ...own('ingressrouteudps'), spec: traefik.ingressRouteTcp },
  Ingress: { ...of('networking.k8s.io/v1', 'ingresses'), spec: ingress },
};

/** Kinds that are looked at and never kept as objects: who is there, and how it went. */
export const SEEN: Readonly<Record<string, Kind>> = {
  Node: of('v1', 'nodes', false),
  EndpointSlice: of('discovery.k8s.io/v1', 'endpointslices'),
  Job: of('batch/v1', 'jobs'),
  Event: of('v1', 'events'),
};
