/**
 * What can be asked of a cluster besides its pods: Services, DNS, the nodes themselves.
 *
 * kube-proxy chooses an endpoint by chance, so a question to the app's own Service that is not answered says nothing of
 * whom it was sent to. So each node gets a Service of its own: without a selector, its one endpoint written by us, which is
 * the pod that stands for the node. It goes through the same rules of kube-proxy as any other.
 */
import type { V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import { done, notYet, onAll, type Answer } from '@faultline/control';
import type { Kube, Selection } from './kube.ts';
import { NAME, NAMESPACE, type Manifest } from './manifests.ts';
import { readyEndpoints } from './ready.ts';
import type { Askable, Endpoint } from './workload.ts';

const PORT = 80;
const APPLIED_WITHIN_MS = 10_000;

/** The kubelet's, on every node's own address. */
const KUBELET_PORT = 10_250;

const SYSTEM = 'kube-system';
const DNS_SERVICE: Selection<V1Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  namespace: SYSTEM,
  fieldSelector: 'metadata.name=kube-dns',
};
const DNS_SLICES: Selection<V1EndpointSlice> = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespace: SYSTEM,
  labelSelector: 'kubernetes.io/service-name=kube-dns',
};
const ASKED = ['kubernetes.default', `${NAME}.${NAMESPACE}`].map((name) => `${name}.svc.cluster.local`);

const ROLE = 'faultline.io/asked-by';
const labels = { 'app.kubernetes.io/managed-by': 'faultline', [ROLE]: 'sweep' };
const SERVICES: Selection<V1Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  namespace: NAMESPACE,
  labelSelector: `${ROLE}=sweep`,
};

const nameAt = (node: string): string => `${NAME}-at-${node}`;

type Pod = Pick<Endpoint, 'node' | 'address' | 'port'>;

/** The Service that stands for a node, and its one endpoint. */
export function serviceAt({ node, address, port }: Pod): readonly [service: Manifest, slice: Manifest] {
  const metadata = { name: nameAt(node), namespace: NAMESPACE, labels };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ name: 'http', port: PORT, targetPort: port }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { ...labels, 'kubernetes.io/service-name': nameAt(node) } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true }, nodeName: node }],
      ports: [{ name: 'http', port, protocol: 'TCP' }],
    },
  ];
}

/** @param pods one of each node. @throws DeadlineError where a Service gets no address. */
export async function askableOnK3s(
  kube: Pick<Kube, 'apply' | 'until' | 'list'>,
  pods: readonly Pod[],
  signal: AbortSignal,
): Promise<Askable> {
  const named = pods.map((pod) => ({ name: pod.node, pod }));
  await onAll(named, async ({ pod }) => {
    for (const manifest of serviceAt(pod)) await kube.apply(manifest, signal);
  });
  const options = { signal, withinMs: APPLIED_WITHIN_MS };
  const nodes = pods.map(({ node }) => node);
  const services = await kube.until('the Services of the sweep have addresses', SERVICES, addressesAt(nodes), options);
  const [[dns], slices] = await Promise.all([kube.list(DNS_SERVICE, signal), kube.list(DNS_SLICES, signal)]);
  // Where several nodes run it, kube-proxy chooses: what one of them loses is then lost by chance.
  const [runs] = readyEndpoints(slices).toSorted((a, b) => a.node.localeCompare(b.node));
  const address = dns?.spec?.clusterIP;
  return {
    services,
    nodePort: KUBELET_PORT,
    dns: address && runs ? { address, node: runs.node, names: ASKED } : undefined,
  };
}

function addressesAt(nodes: readonly string[]): (services: readonly V1Service[]) => Answer<Askable['services']> {
  return (services) => {
    const found = nodes.flatMap((node) => {
      const address = services.find(({ metadata }) => metadata?.name === nameAt(node))?.spec?.clusterIP;
      return address ? [{ node, address, port: PORT }] : [];
    });
    return found.length === nodes.length ? done(found) : notYet(`${found.length} of ${nodes.length} addresses`);
  };
}

/** The slice by itself, too: nobody but us made it. Which ones, their names alone say. */
export async function removeAskable(
  kube: Pick<Kube, 'remove'>,
  nodes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const named = nodes.map((name) => ({ name }));
  await onAll(named, async ({ name }) => {
    for (const manifest of serviceAt({ node: name, address: '', port: 0 })) await kube.remove(manifest, signal);
  });
}
