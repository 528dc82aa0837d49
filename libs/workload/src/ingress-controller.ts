/** The Ingress controller that k3s ships: whether it is ready, where it runs, and at which addresses clients reach it. */
import type { V1DaemonSet, V1Deployment, V1Pod, V1Service } from '@kubernetes/client-node';
import type { Cluster } from '@faultline/cluster';
import { done, notYet, waitFor } from '@faultline/control';
import type { Kube, Selection, UntilOptions } from './kube.ts';
import { addressesOf, areAddresses, hasAddresses, isRolledOut, nodesOf } from './ready.ts';
import type { Entry } from './workload.ts';

const NAME = 'traefik';
const HTTP = 80;

const PLACE = { namespace: 'kube-system', fieldSelector: `metadata.name=${NAME}` };
const SERVICE: Selection<V1Service> = { apiVersion: 'v1', kind: 'Service', plural: 'services', ...PLACE };
const DEPLOYMENT: Selection<V1Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  ...PLACE,
};
const DAEMON_SET: Selection<V1DaemonSet> = { apiVersion: 'apps/v1', kind: 'DaemonSet', plural: 'daemonsets', ...PLACE };
const PODS: Selection<V1Pod> = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespace: 'kube-system',
  labelSelector: `app.kubernetes.io/name=${NAME}`,
};

/** What of a cluster decides at which addresses clients reach it. */
export type Placed = Pick<Cluster, 'plan' | 'nodes' | 'balancers' | 'virtualAddress' | 'announcer'>;

export class IngressController {
  readonly #cluster: Placed;
  readonly #kube: Pick<Kube, 'until' | 'list'>;

  constructor(cluster: Placed, kube: Pick<Kube, 'until' | 'list'>) {
    this.#cluster = cluster;
    this.#kube = kube;
  }

  /** Watches until all its pods are ready, as many as it is to have. */
  async untilReady(options: UntilOptions): Promise<void> {
    const selection = this.#cluster.plan.spec.controller === 'daemonset' ? DAEMON_SET : DEPLOYMENT;
    await this.#kube.until('the Ingress controller is ready', selection, isRolledOut, options);
  }

  /** Waits until clients have every address that they are to have, and somebody answers for the virtual one. */
  async untilEntries(options: UntilOptions): Promise<readonly Entry[]> {
    const addresses = await this.untilAddresses(SERVICE, options);
    const { virtualAddress } = this.#cluster;
    if (virtualAddress) await untilAnnounced(this.#cluster, virtualAddress, options);
    return this.#entriesOf(addresses);
  }

  /** The same of another Service of type LoadBalancer, which is to have the same addresses. */
  async untilAddresses(service: Selection<V1Service>, options: UntilOptions): Promise<readonly string[]> {
    const { virtualAddress, balancers, nodes, plan } = this.#cluster;
    const until = (judge: ReturnType<typeof hasAddresses>) =>
      this.#kube.until(`the Service ${service.fieldSelector} has its addresses`, service, judge, options);
    // The machines in front hold the address, and no Service knows of it.
    if (virtualAddress && balancers.length > 0) return [virtualAddress];
    if (virtualAddress) return until(areAddresses([virtualAddress]));
    if (plan.spec.trafficPolicy !== 'Local') return until(hasAddresses(nodes.length));
    await this.untilReady(options);
    const running = new Set(await this.nodes(options.signal));
    return until(areAddresses(nodes.flatMap(({ name, address }) => (running.has(name) ? [address] : []))));
  }

  async entries(signal: AbortSignal | undefined): Promise<readonly Entry[]> {
    const { virtualAddress, balancers } = this.#cluster;
    if (virtualAddress && balancers.length > 0) return this.#entriesOf([virtualAddress]);
    return this.#entriesOf(addressesOf(await this.#kube.list(SERVICE, signal)));
  }

  /** Names of the nodes on which it runs. */
  async nodes(signal: AbortSignal | undefined): Promise<readonly string[]> {
    return nodesOf(await this.#kube.list(PODS, signal));
  }

  #entriesOf(addresses: readonly string[]): readonly Entry[] {
    return addresses.map((address) => ({
      address,
      port: HTTP,
      node: this.#cluster.nodes.find((node) => node.address === address)?.name,
    }));
  }
}

/** A Service has its address in its status before anybody on the LAN answers for it. */
async function untilAnnounced(cluster: Placed, address: string, options: UntilOptions): Promise<void> {
  await waitFor(
    `somebody answers for ${address}`,
    async (signal) => {
      const announcer = await cluster.announcer(address, { signal });
      return announcer ? done(undefined) : notYet('nobody answers the who-has');
    },
    options,
  );
}
