/** What is applied to the cluster of a replay, in this order. Pure. */
import { stringify } from 'yaml';
import { chartValuesOf, mergedValues, type ClusterPlan } from '@faultline/cluster/plan';
import { namespacesOf, type KubeObject } from '@faultline/traefik';
import type { Bundle, SeenNode } from '../bundle/bundle.ts';
import { chartValuesIn } from '../bundle/chart-values.ts';
import { BUNDLE_SUBNET } from '../collect/nodes.ts';
import { STAND_IN_SECRET } from '../collect/shape/meta.ts';
import { standing } from './stand-in.ts';

export interface Furnishing {
  readonly plan: ClusterPlan;
  readonly app: string;
  /** That the cluster got: `198.18.7.0/24`. */
  readonly subnet: string;
}

/** A manifest is anything with a kind: a Node has taints, a Secret has data. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeObject['metadata'];
  readonly [part: string]: unknown;
}

export function manifestsOf(bundle: Bundle, { plan, app, subnet }: Furnishing): readonly Manifest[] {
  const objects = standing(bundle, app);
  const own = objects.filter(({ kind }) => kind === 'Namespace');
  const known = new Set(own.map(({ metadata }) => metadata.name));
  const missing = namespacesOf(objects.filter(({ kind }) => kind !== 'Namespace')).filter(
    ({ metadata }) => !known.has(metadata.name),
  );
  const rest = objects.filter(({ kind }) => kind !== 'Namespace');
  const all: readonly Manifest[] = [
    ...bundle.about.nodes.filter(({ name }) => plan.nodes.some((node) => node.name === name)).flatMap(nodeOf),
    ...own.map(withoutSpec),
    ...missing.map(withoutSpec),
    ...secretsFor(rest),
    ...rest.map((object) => ({ ...(object.kind === 'HelmChartConfig' ? chartConfig(object, plan, subnet) : object) })),
  ];
  return inSubnet(all, subnet);
}

const withoutSpec = ({ apiVersion, kind, metadata }: KubeObject): Manifest => ({ apiVersion, kind, metadata });

/** Labels that pods are placed by, and taints that keep them away. */
function nodeOf({ name, labels, taints }: SeenNode): readonly Manifest[] {
  if (Object.keys(labels).length === 0 && taints.length === 0) return [];
  const spec = taints.map((taint) => {
    const [said = '', effect] = taint.split(':', 2);
    const [key, value] = said.split('=', 2);
    return { key, effect, ...(value !== undefined && { value }) };
  });
  return [
    { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, ...(spec.length > 0 && { spec: { taints: spec } }) },
  ];
}

/** Where a Secret was, another one is: with a password that nobody knows, so that whoever was asked for one is asked for one. */
function secretsFor(objects: readonly KubeObject[]): readonly Manifest[] {
  const places = new Set(
    objects
      .filter(({ kind, spec }) => kind === 'Middleware' && spec?.['basicAuth'] !== undefined)
      .map(({ metadata }) => metadata.namespace ?? 'default'),
  );
  return [...places].map((namespace) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: STAND_IN_SECRET, namespace },
    stringData: { users: NOBODY },
  }));
}

/** A line of htpasswd with a hash of which nobody knows the password. */
const NOBODY = `faultline:{SHA}${'A'.repeat(27)}=`;

/** The user's values, and over them those by which the replay's own load balancer and layout work. */
function chartConfig(object: KubeObject, plan: ClusterPlan, subnet: string): KubeObject {
  const values = mergedValues(chartValuesIn(object), chartValuesOf(plan, subnet));
  return { ...object, spec: { ...object.spec, valuesContent: stringify(values, { lineWidth: 0 }) } };
}

/** Bundles are at home in one subnet, and a replay takes one that is free. */
function inSubnet(all: readonly Manifest[], subnet: string): readonly Manifest[] {
  const prefix = (of: string): string => of.replace(/0\/24$/, '');
  const text = JSON.stringify(all).replaceAll(BUNDLE_SUBNET, subnet).replaceAll(prefix(BUNDLE_SUBNET), prefix(subnet));
  return JSON.parse(text) as readonly Manifest[];
}
