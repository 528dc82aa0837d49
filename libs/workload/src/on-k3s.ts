/** The workload on k3s: a Deployment, a Service and an Ingress, served by the Traefik that k3s ships. */
import type { V1Deployment, V1EndpointSlice, V1Node, V1Pod, V1Service } from '@kubernetes/client-node';
import type { Cluster } from '@faultline/cluster';
import { DeadlineError, onAll } from '@faultline/control';
import type { DeployOptions } from './deploy-options.ts';
import { firstAnswer } from './first-answer.ts';
import { Kube, type Selection, type UntilOptions } from './kube.ts';
import { NAME, NAMESPACE, planWorkload, type Manifest, type Manifests } from './manifests.ts';
import { findNetns } from './netns.ts';
import {
  addressesOf,
  allSchedulable,
  hasAddresses,
  hasEndpoints,
  isAvailable,
  nodesOf,
  noneLeft,
  readyEndpoints,
  reasonsOf,
  type SliceEndpoint,
} from './ready.ts';
import type { WorkloadSpec } from './spec.ts';
import type { Endpoint, Entry, Workload } from './workload.ts';

/** Seen on two cores: pods ready after some 5 s, an address after some 40 s on a fresh boot. */
const WITHIN_MS = 240_000;
/** The app gets 10 s to end; a node that is dead keeps its pods for minutes. */
const REMOVED_WITHIN_MS = 60_000;

/** The Traefik that k3s ships. */
const CONTROLLER = 'traefik';

const NODES: Selection<V1Node> = { apiVersion: 'v1', kind: 'Node', plural: 'nodes' };
const DEPLOYMENT: Selection<V1Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespace: NAMESPACE,
  fieldSelector: `metadata.name=${NAME}`,
};
const SLICES: Selection<V1EndpointSlice> = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespace: NAMESPACE,
  labelSelector: `kubernetes.io/service-name=${NAME}`,
};
const PODS: Selection<V1Pod> = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespace: NAMESPACE,
  labelSelector: `app.kubernetes.io/name=${NAME}`,
};
const CONTROLLER_SERVICE: Selection<V1Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  namespace: 'kube-system',
  fieldSelector: `metadata.name=${CONTROLLER}`,
};
const CONTROLLER_PODS: Selection<V1Pod> = {
  ...PODS,
  namespace: 'kube-system',
  labelSelector: `app.kubernetes.io/name=${CONTROLLER}`,
};

export async function deployOnK3s(
  cluster: Cluster,
  spec: WorkloadSpec,
  { history, signal }: DeployOptions,
): Promise<Workload> {
  if (!cluster.kubeconfig)
    throw new Error(`the cluster ${cluster.run} has no kubeconfig: it is no k3s, or its boot was cut off`);
  const kube = new Kube(cluster.kubeconfig);
  const manifests = planWorkload(spec);
  const workload = new K3sWorkload(cluster, spec, kube, manifests);
  const stage = (name: string, detail?: string) => history.append({ type: 'stage', name, ...(detail && { detail }) });

  // The app does not wait for the Ingress controller, nor the other way round: both are on their way at once.
  const [, [entry]] = await bothOrNone(signal, (until) => [
    roll(cluster, spec, kube, manifests, until).then(() => stage('app-ready', `${spec.replicas} pods`)),
    workload.untilEntries(until).then((entries) => {
      stage('ingress-address', entries.map(({ address }) => address).join(', '));
      return entries;
    }),
  ]);
  if (!entry) throw new Error('the Ingress controller has no address');
  await Promise.all([
    firstAnswer(cluster.client, entry, spec.host, signal).then(() => stage('first-200')),
    // While every node is alive, so that it is known also when one is not.
    workload.endpoints({ signal }),
  ]);
  return workload;
}

/** Runs two things at once; the failure of one stops the other, and both have ended when this does. */
async function bothOrNone<A, B>(
  signal: AbortSignal,
  start: (signal: AbortSignal) => readonly [Promise<A>, Promise<B>],
): Promise<[A, B]> {
  const failed = new AbortController();
  const both = start(AbortSignal.any([signal, failed.signal]));
  try {
    return await Promise.all(both);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(both);
    throw error;
  }
}

async function roll(
  cluster: Cluster,
  spec: WorkloadSpec,
  kube: Kube,
  manifests: Manifests,
  signal: AbortSignal,
): Promise<void> {
  const options: UntilOptions = { signal, withinMs: WITHIN_MS };
  await Promise.all([kube.apply(manifests.service, signal), kube.apply(manifests.ingress, signal)]);
  const names = cluster.nodes.map(({ name }) => name);
  await kube.until('every node takes pods', NODES, allSchedulable(names), options);
  await kube.apply(manifests.deployment, signal);
  try {
    await kube.until('the Deployment is available', DEPLOYMENT, isAvailable(spec.replicas), options);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    const reasons = reasonsOf(await kube.list(PODS, signal));
    throw new Error([error.message, ...reasons.map((reason) => `  ${reason}`)].join('\n'), { cause: error });
  }
  await kube.until('the Service has its endpoints', SLICES, hasEndpoints(spec.replicas), options);
}

class K3sWorkload implements Workload {
  readonly spec: WorkloadSpec;
  readonly #cluster: Cluster;
  readonly #kube: Kube;
  readonly #manifests: Manifests;
  /** Paths of network namespaces, by uid and address of the pod: it gets both namespace and address anew when its node was dead. */
  readonly #netns = new Map<string, string>();

  constructor(cluster: Cluster, spec: WorkloadSpec, kube: Kube, manifests: Manifests) {
    this.#cluster = cluster;
    this.spec = spec;
    this.#kube = kube;
    this.#manifests = manifests;
  }

  /** Watches until the Service of the Ingress controller has all its addresses: a virtual one, or each node's. */
  async untilEntries(signal: AbortSignal): Promise<readonly Entry[]> {
    const { virtualAddress, nodes } = this.#cluster;
    const judge = hasAddresses(virtualAddress ? 1 : nodes.length);
    const options: UntilOptions = { signal, withinMs: WITHIN_MS };
    return this.#entriesOf(
      await this.#kube.until('the Ingress controller has its addresses', CONTROLLER_SERVICE, judge, options),
    );
  }

  async entries({ signal }: { signal?: AbortSignal }): Promise<readonly Entry[]> {
    return this.#entriesOf(addressesOf(await this.#kube.list(CONTROLLER_SERVICE, signal)));
  }

  async endpoints({ signal }: { signal?: AbortSignal }): Promise<readonly Endpoint[]> {
    const found = readyEndpoints(await this.#kube.list(SLICES, signal));
    const endpoints = found.map((endpoint) => ({ ...endpoint, name: endpoint.pod }));
    return onAll(endpoints, async (endpoint) => {
      const { pod, node, address, port } = endpoint;
      return { pod, node, address, port, netns: await this.#netnsOf(endpoint, signal) };
    });
  }

  async ingressNodes({ signal }: { signal?: AbortSignal }): Promise<readonly string[]> {
    return nodesOf(await this.#kube.list(CONTROLLER_PODS, signal));
  }

  async remove({ signal }: { signal?: AbortSignal }): Promise<void> {
    const objects = Object.values<Manifest>({ ...this.#manifests }).map((manifest) => ({
      name: manifest.kind,
      manifest,
    }));
    await onAll(objects, ({ manifest }) => this.#kube.remove(manifest, signal));
    await this.#kube.until('the pods of the app are gone', PODS, noneLeft, { signal, withinMs: REMOVED_WITHIN_MS });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #entriesOf(addresses: readonly string[]): readonly Entry[] {
    return addresses.map((address) => ({
      address,
      port: 80,
      node: this.#cluster.nodes.find((node) => node.address === address)?.name,
    }));
  }

  async #netnsOf(endpoint: SliceEndpoint, signal: AbortSignal | undefined): Promise<string> {
    const key = `${endpoint.uid} ${endpoint.address}`;
    const known = this.#netns.get(key);
    if (known) return known;
    const node = this.#cluster.nodes.find(({ name }) => name === endpoint.node);
    if (!node) throw new Error(`the endpoint ${endpoint.pod} is on ${endpoint.node}, which is no node of ours`);
    const path = await findNetns(node, endpoint, signal);
    this.#netns.set(key, path);
    return path;
  }
}
