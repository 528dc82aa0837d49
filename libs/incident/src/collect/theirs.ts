/** Which objects are the user's, and which each cluster makes for itself. Pure. */
import { isTable } from './keep.ts';
import type { RawObject } from './object.ts';

/** Of k3s and of the load balancers: a replay boots its own. */
const SYSTEM = /^(?:kube-(?:system|public|node-lease)|metallb-system|kube-vip)$/;
/** Read whatever namespaces are asked for: Traefik and the load balancers are there. */
export const ALWAYS_READ: readonly string[] = ['kube-system', 'metallb-system'];
/** What people put into kube-system, where Traefik is. */
const ROUTING = /^(?:IngressRoute|Middleware|TraefikService|TLS|ServersTransport|NetworkPolicy)/;

export const isSystem = (namespace: string): boolean => SYSTEM.test(namespace);

/** Undefined: it is theirs. Else why it is not kept. */
export function whyNotTheirs(raw: RawObject): string | undefined {
  const { name, namespace } = raw.metadata;
  if (raw.kind === 'Namespace') return isSystem(name) || name === 'default' ? EACH : undefined;
  if (isOfFaultline(raw)) return 'of Faultline itself, which deploys it again';
  if (raw.kind === 'HelmChartConfig')
    return name === 'traefik' ? undefined : "of the charts only Traefik's is replayed";
  if (raw.kind === 'Service' && name === 'kubernetes') return EACH;
  if (ownersOf(raw).length > 0) return 'made by another object';
  if (!isSystem(namespace ?? 'default')) return undefined;
  return ROUTING.test(raw.kind) && !isOfChart(raw) ? undefined : EACH;
}

const EACH = 'each cluster has its own';

/** What the runner deploys as its witness, and takes for granted. */
export const isOfFaultline = (raw: RawObject): boolean =>
  labelsOf(raw)['app.kubernetes.io/managed-by'] === 'faultline' && raw.metadata.namespace === 'default';

function isOfChart(raw: RawObject): boolean {
  const labels = labelsOf(raw);
  return labels['app.kubernetes.io/managed-by'] === 'Helm' || 'objectset.rio.cattle.io/hash' in labels;
}

export function labelsOf({ metadata: { labels } }: RawObject): Readonly<Record<string, unknown>> {
  return isTable(labels) ? labels : {};
}

function ownersOf({ metadata: { ownerReferences } }: RawObject): readonly unknown[] {
  return Array.isArray(ownerReferences) ? ownerReferences : [];
}
