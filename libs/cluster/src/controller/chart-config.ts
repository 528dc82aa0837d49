/**
 * What the Ingress controller's chart is told beyond k3s' own values: one HelmChartConfig, which k3s merges over them.
 *
 * It lies in every server's manifests before the first start, so that Traefik is installed once, and not again
 * by a second Helm job while somebody measures.
 */
import type { KubernetesObject } from '../load-balancer/load-balancer.ts';
import { loadBalancers } from '../load-balancer/index.ts';
import type { ClusterPlan } from '../spec.ts';
import { placeOf } from '../virtual-address.ts';
import type { Values } from './controller.ts';
import { controllers } from './index.ts';

/** Where machines outside the cluster find the Ingress controller, on every node. */
export const INGRESS_NODE_PORT = 30080;

/** Null where everything is as k3s installs it. */
export function chartConfigOf(plan: ClusterPlan, subnet: string): KubernetesObject | null {
  const values = valuesOf(plan, subnet);
  if (Object.keys(values).length === 0) return null;
  return {
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChartConfig',
    metadata: { name: 'traefik', namespace: 'kube-system' },
    // JSON is YAML.
    spec: { valuesContent: JSON.stringify(values, null, 2) },
  };
}

export function valuesOf(plan: ClusterPlan, subnet: string): Values {
  const { controller = 'default', controllerPlace, trafficPolicy, loadBalancer } = plan.spec;
  const place = placeOf(plan, subnet);
  const annotations = place ? loadBalancers[loadBalancer].serviceAnnotations(place.address, place.settings) : {};
  return [
    controllerPlace === 'agents' ? offServers : {},
    trafficPolicy === 'Local' ? { service: { spec: { externalTrafficPolicy: 'Local' } } } : {},
    Object.keys(annotations).length > 0 ? { service: { annotations } } : {},
    plan.balancers.length > 0 ? { ports: { web: { nodePort: INGRESS_NODE_PORT } } } : {},
  ].reduce(merged, controllers[controller].values);
}

const offServers: Values = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
        ],
      },
    },
  },
};

/** Tables are merged key by key, as Helm does it; of everything else the second is taken. */
export function merged(first: Values, second: Values): Values {
  const both = Object.entries(second).map(([key, value]) => {
    const before = first[key];
    return [key, isTable(before) && isTable(value) ? merged(before, value) : value];
  });
  return { ...first, ...(Object.fromEntries(both) as Values) };
}

const isTable = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
