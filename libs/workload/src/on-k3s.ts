/** The workload on k3s: a Deployment, a Service and an Ingress, served by the Traefik that k3s ships. */
import type { V1Deployment, V1EndpointSlice, V1Node, V1Pod, V1Service } from '@kubernetes/client-node';
import type { Cluster } from '@faultline/cluster';
import { loadBalancers } from '@faultline/cluster/plan';
import { DeadlineError, done, onAll, waitFor } from '@faultline/control';
import { askableOnK3s, removeAskable } from './askable.ts';
import { isOurs } from './check.ts';
import type { DeployOptions } from './deploy-options.ts';
import { firstAnswer } from './first-answer.ts';
import { IngressController } from './ingress-controller.ts';
import { Kube, type Selection, type UntilOptions } from './kube.ts';
import {
  ECHO_NAME,
  echoService,
  NAME,
  NAMESPACE,
  planWorkload,
  type Manifest,
  type Manifests,
  type Wanted,
} from './manifests.ts';
import { Namespaces } from './netns.ts';
import { allSchedulable, hasEndpoints, isAvailable, noneLeft, readyEndpoints, reasonsOf } from './ready.ts';
import { ECHO_PORT, type WorkloadSpec } from './spec.ts';
import type { Askable, Endpoint, Entry, Workload } from './workload.ts';

/** Seen on two cores: pods ready after some 5 s, an address after some 40 s on a fresh boot. */
const WITHIN_MS = 240_000;
/** The app gets 10 s to end; a node that is dead keeps its pods for minutes. */
const REMOVED_WITHIN_MS = 60_000;

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
const ECHO: Selection<V1Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  namespace: NAMESPACE,
  fieldSelector: `metadata.name=${ECHO_NAME}`,
};

export async function deployOnK3s(
  cluster: Cluster,
  spec: WorkloadSpec,
  { history, signal }: DeployOptions,
): Promise<Workload> {
  if (!cluster.kubeconfig)
    throw new Error(`the cluster ${cluster.run} has no kubeconfig: it is no k3s, or its boot was cut off`);
  const kube = new Kube(cluster.kubeconfig);
  const manifests = planWorkload(spec, wantedOf(cluster, spec));
  const workload = new K3sWorkload(cluster, spec, kube, manifests);
  const stage = (name: string, detail?: string) => history.append({ type: 'stage', name, ...(detail && { detail }) });

  // The app does not wait for the Ingress controller, nor the other way round: both are on their way at once.
  const [, [entry]] = await bothOrNone(signal, (until) => [
    roll(cluster, kube, manifests, until)
      .then(() => workload.untilServed(until))
      .then(() => stage('app-ready', `${spec.replicas} pods`)),
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
    workload.serveEcho(signal),
  ]);
  return workload;
}

/**
 * UDP needs an app that echoes, a load balancer that carries it, and the policy Cluster: with Local two Services share an
 * address only where they have the same pods.
 */
function wantedOf({ plan, virtualAddress }: Cluster, { app, echo = true }: WorkloadSpec): Wanted {
  const { features, serviceAnnotations } = loadBalancers[plan.spec.loadBalancer];
  const carried = features.includes('load-balancer.udp') && plan.spec.trafficPolicy !== 'Local';
  if (!echo || !carried || !isOurs(app)) return {};
  // By the default settings: the address is asked for by name, also where the Ingress' Service gets it from a provider.
  return { echo: { annotations: virtualAddress ? serviceAnnotations(virtualAddress) : {} } };
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

async function roll(cluster: Cluster, kube: Kube, manifests: Manifests, signal: AbortSignal): Promise<void> {
  const { service, ingress, deployment } = manifests;
  await Promise.all([kube.apply(service, signal), kube.apply(ingress, signal)]);
  const names = cluster.nodes.map(({ name }) => name);
  await kube.until('every node takes pods', NODES, allSchedulable(names), { signal, withinMs: WITHIN_MS });
  await kube.apply(deployment, signal);
}

class K3sWorkload implements Workload {
  readonly spec: WorkloadSpec;
  readonly #nodes: readonly string[];
  readonly #kube: Kube;
  readonly #manifests: Manifests;
  readonly #controller: IngressController;
  readonly #namespaces: Namespaces;

  constructor(cluster: Cluster, spec: WorkloadSpec, kube: Kube, manifests: Manifests) {
    this.spec = spec;
    this.#nodes = cluster.nodes.map(({ name }) => name);
    this.#kube = kube;
    this.#manifests = manifests;
    this.#controller = new IngressController(cluster, kube);
    this.#namespaces = new Namespaces(cluster);
  }

  get echoPort(): number | undefined {
    return this.#manifests.echo && ECHO_PORT;
  }

  /** Watches until every replica is a ready endpoint. */
  async untilServed(signal: AbortSignal | undefined): Promise<void> {
    const { replicas } = this.spec;
    const options: UntilOptions = { signal, withinMs: WITHIN_MS };
    try {
      await this.#kube.until('the Deployment is available', DEPLOYMENT, isAvailable(replicas), options);
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      const reasons = reasonsOf(await this.#kube.list(PODS, signal));
      throw new Error([error.message, ...reasons.map((reason) => `  ${reason}`)].join('\n'), { cause: error });
    }
    await this.#kube.until('the Service has its endpoints', SLICES, hasEndpoints(replicas), options);
  }

  untilEntries(signal: AbortSignal | undefined): Promise<readonly Entry[]> {
    return this.#controller.untilEntries({ signal, withinMs: WITHIN_MS });
  }

  /**
   * Last of all: whoever comes first gets the address from a provider, and an address that one of its Services has without an
   * endpoint may be withdrawn.
   */
  async serveEcho(signal: AbortSignal): Promise<void> {
    const { echo } = this.#manifests;
    // It may be there from a deployment that wanted it.
    if (!echo) return this.#kube.remove(echoService(), signal);
    await this.#kube.apply(echo, signal);
    await this.#untilEchoed(signal);
  }

  async untilReady({ signal }: { signal?: AbortSignal }): Promise<void> {
    const options: UntilOptions = { signal, withinMs: WITHIN_MS };
    await onAll<{ name: string; until: () => Promise<unknown> }, unknown>(
      [
        { name: 'the app', until: () => this.untilServed(signal) },
        { name: 'the Ingress controller', until: () => this.#controller.untilReady(options) },
        { name: 'the addresses', until: () => this.untilEntries(signal) },
        { name: 'UDP', until: () => this.#untilEchoed(signal) },
      ],
      ({ until }) => until(),
    );
    // A node may have died and come back before Kubernetes took notice: the node itself knows better what it runs.
    await waitFor(
      'every endpoint runs on its node',
      async (until) => done(await this.endpoints({ signal: until })),
      options,
    );
  }

  async entries({ signal }: { signal?: AbortSignal }): Promise<readonly Entry[]> {
    return this.#controller.entries(signal);
  }

  async endpoints({ signal }: { signal?: AbortSignal }): Promise<readonly Endpoint[]> {
    const found = readyEndpoints(await this.#kube.list(SLICES, signal));
    const named = found.map((endpoint) => ({ ...endpoint, name: endpoint.pod }));
    return onAll(named, async ({ pod, uid, node, address, port }) => {
      return { pod, node, address, port, netns: await this.#namespaces.of({ pod, uid, node, address }, signal) };
    });
  }

  askable(pods: readonly Endpoint[], { signal }: { signal: AbortSignal }): Promise<Askable> {
    return askableOnK3s(this.#kube, pods, signal);
  }

  async ingressNodes({ signal }: { signal?: AbortSignal }): Promise<readonly string[]> {
    return this.#controller.nodes(signal);
  }

  async remove({ signal }: { signal?: AbortSignal }): Promise<void> {
    const all: readonly Manifest[] = Object.values({ ...this.#manifests, echo: echoService() });
    const objects = all.map((manifest) => ({
      name: `${manifest.kind} ${manifest.metadata.name}`,
      manifest,
    }));
    await onAll(objects, ({ manifest }) => this.#kube.remove(manifest, signal));
    await removeAskable(this.#kube, this.#nodes, signal);
    await this.#kube.until('the pods of the app are gone', PODS, noneLeft, { signal, withinMs: REMOVED_WITHIN_MS });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #untilEchoed(signal: AbortSignal | undefined): Promise<void> {
    if (this.#manifests.echo) await this.#controller.untilAddresses(ECHO, { signal, withinMs: WITHIN_MS });
  }
}
