/** The workload on the substrate bare: pods are network namespaces, the Ingress is HAProxy, and files say which. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster, ClusterNode } from '@faultline/cluster';
import { CommandError, done, notYet, onAll, waitFor, type FileToCopy } from '@faultline/control';
import { APP_FOLDER, planBarePods, type BarePod, type PlacedPod } from './bare-pods.ts';
import type { DeployOptions } from './deploy-options.ts';
import { firstAnswer } from './first-answer.ts';
import { haproxyConfig } from './haproxy.ts';
import { APP_PORT, type WorkloadSpec } from './spec.ts';
import type { Askable, Endpoint, Entry, Workload } from './workload.ts';

/** What a bare node reads, and its program that applies it. */
const FILES = { pods: '/etc/faultline/pods.json', ingress: '/etc/faultline/haproxy.cfg' } as const;
const NODE_PROGRAM = 'faultline-node';
const INGRESS_PORT = 80;

/** Six pods are ready after less than a second on two cores. */
const READY_WITHIN_MS = 30_000;
/** A node that does not say at once what it runs does not run it. */
const STATUS_WITHIN_MS = 2_000;

export async function deployOnBare(
  cluster: Cluster,
  spec: WorkloadSpec,
  { history, signal }: DeployOptions,
): Promise<Workload> {
  const pods = planBarePods(spec, cluster.plan.nodes);
  const ingress = { path: FILES.ingress, content: haproxyConfig(spec, pods) };
  const app = await appFiles();
  await onAll(cluster.nodes, async (node) => {
    await node.copyIn([...app, podsFile(podsOn(node, pods)), ingress], { signal });
    await node.exec([NODE_PROGRAM, 'apply-pods'], { signal });
    await untilReady(node, podsOn(node, pods), signal);
  });
  history.append({ type: 'stage', name: 'app-ready', detail: `${pods.length} pods` });

  // After the pods of all nodes: an Ingress that begins with pods which do not answer yet would count them out.
  await onAll(cluster.nodes, (node) => node.exec([NODE_PROGRAM, 'reload-ingress'], { signal }));
  const entries = entriesOf(cluster);
  const [entry] = entries;
  if (!entry) throw new Error('a cluster without nodes has no address for clients');
  history.append({ type: 'stage', name: 'ingress-address', detail: entries.map(({ address }) => address).join(', ') });
  await firstAnswer(cluster.client, entry, spec.host, signal);
  history.append({ type: 'stage', name: 'first-200' });
  return new BareWorkload(cluster, spec, pods);
}

class BareWorkload implements Workload {
  readonly spec: WorkloadSpec;
  /** HAProxy, which is the Ingress here, carries no UDP. */
  readonly echoPort = undefined;
  readonly #cluster: Cluster;
  readonly #pods: readonly PlacedPod[];

  constructor(cluster: Cluster, spec: WorkloadSpec, pods: readonly PlacedPod[]) {
    this.#cluster = cluster;
    this.spec = spec;
    this.#pods = pods;
  }

  async entries(): Promise<readonly Entry[]> {
    return entriesOf(this.#cluster);
  }

  async endpoints({ signal }: { signal?: AbortSignal }): Promise<readonly Endpoint[]> {
    const running = new Set((await onAll(this.#cluster.nodes, (node) => runningPods(node, signal))).flat());
    return this.#pods
      .filter(({ name }) => running.has(name))
      .map(({ name, node, address, netns }) => ({ pod: name, node, address, port: APP_PORT, netns }));
  }

  /** There are no Services; the Ingress listens on every node. */
  async askable(): Promise<Askable> {
    return { services: [], nodePort: INGRESS_PORT, dns: undefined };
  }

  async ingressNodes(): Promise<readonly string[]> {
    return this.#cluster.nodes.map(({ name }) => name);
  }

  async untilReady({ signal }: { signal?: AbortSignal }): Promise<void> {
    await waitFor(
      'every pod runs',
      async (until) => {
        const { length } = await this.endpoints({ signal: until });
        return length === this.#pods.length ? done(undefined) : notYet(`${length} of ${this.#pods.length} pods run`);
      },
      { signal, withinMs: READY_WITHIN_MS },
    );
  }

  async remove({ signal }: { signal?: AbortSignal }): Promise<void> {
    const options = signal ? { signal } : {};
    await onAll(this.#cluster.nodes, async (node) => {
      await node.copyIn([podsFile([])], options);
      await node.exec([NODE_PROGRAM, 'apply-pods'], options);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function entriesOf({ virtualAddress, nodes }: Cluster): readonly Entry[] {
  if (virtualAddress) return [{ address: virtualAddress, port: INGRESS_PORT, node: undefined }];
  return nodes.map(({ address, name }) => ({ address, port: INGRESS_PORT, node: name }));
}

async function appFiles(): Promise<readonly FileToCopy[]> {
  const folder = join(import.meta.dirname, 'app');
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => ({ path: `${APP_FOLDER}/${name}`, content: await readFile(join(folder, name)) })),
  );
}

const podsOn = (node: ClusterNode, pods: readonly PlacedPod[]): readonly PlacedPod[] =>
  pods.filter((pod) => pod.node === node.name);

function podsFile(pods: readonly PlacedPod[]): FileToCopy {
  return { path: FILES.pods, content: JSON.stringify(pods.map(barePod), null, 2) };
}

const barePod = ({ name, address, netns, env, argv }: PlacedPod): BarePod => ({ name, address, netns, env, argv });

/** As a kubelet does: each node asks its own pods. */
async function untilReady(node: ClusterNode, pods: readonly PlacedPod[], signal: AbortSignal): Promise<void> {
  await onAll(pods, ({ name, address }) =>
    waitFor(
      `${name} on ${node.name} is ready`,
      async (until) => {
        await node.exec(
          ['curl', '--silent', '--show-error', '--fail', '--max-time', '1', `http://${address}:${APP_PORT}/healthz`],
          { signal: until },
        );
        return done(undefined);
      },
      { signal, withinMs: READY_WITHIN_MS },
    ),
  );
}

/** Names of the pods whose process runs. A node that is dead or frozen runs none. */
async function runningPods(node: ClusterNode, signal?: AbortSignal): Promise<readonly string[]> {
  try {
    const { stdout } = await node.exec([NODE_PROGRAM, 'status'], {
      timeoutMs: STATUS_WITHIN_MS,
      ...(signal && { signal }),
    });
    const { pods } = JSON.parse(stdout) as { pods: Readonly<Record<string, boolean>> };
    return Object.keys(pods).filter((name) => pods[name]);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CommandError) return [];
    throw error;
  }
}
