/** Where the network namespaces of pods lie in their nodes: asked of containerd, which made them. */
import type { Cluster } from '@faultline/cluster';
import type { Commander } from '@faultline/control';

interface Sandboxes {
  readonly items: readonly {
    readonly id: string;
    readonly state: string;
    readonly metadata: { readonly uid: string };
  }[];
}

interface Inspected {
  readonly status?: { readonly network?: { readonly ip?: string } };
  readonly info: {
    readonly runtimeSpec: {
      readonly linux: { readonly namespaces: readonly { readonly type: string; readonly path?: string }[] };
    };
  };
}

export interface PodOnNode {
  readonly pod: string;
  readonly uid: string;
  /** As Kubernetes knows it. */
  readonly address: string;
}

/**
 * The path of a pod's network namespace, in the node's mount namespace.
 * @throws CommandError where the node is dead; Error where it does not have the pod, or not at that address: it came back
 * before Kubernetes knew that it was gone.
 */
export async function findNetns(
  node: Commander,
  { pod, uid, address }: PodOnNode,
  signal: AbortSignal | undefined,
): Promise<string> {
  const options = signal ? { signal } : {};
  const listed = await node.exec(['crictl', 'pods', '--name', pod, '--output', 'json'], options);
  const sandbox = (JSON.parse(listed.stdout) as Sandboxes).items.find(
    ({ metadata, state }) => metadata.uid === uid && state === 'SANDBOX_READY',
  );
  if (!sandbox) throw new Error(`${node.name} runs no sandbox of the pod ${pod}, which Kubernetes says is ready there`);
  const { stdout } = await node.exec(['crictl', 'inspectp', '--output', 'json', sandbox.id], options);
  const { info, status } = JSON.parse(stdout) as Inspected;
  const now = status?.network?.ip;
  if (now && now !== address)
    throw new Error(`the pod ${pod} on ${node.name} has the address ${now}, and Kubernetes still says ${address}`);
  const path = info.runtimeSpec.linux.namespaces.find(({ type }) => type === 'network')?.path;
  if (!path) throw new Error(`the sandbox of the pod ${pod} on ${node.name} has no network namespace of its own`);
  return path;
}

/** The paths that were found, so that they are known also when a node is dead. */
export class Namespaces {
  readonly #cluster: Pick<Cluster, 'nodes'>;
  /** By pod, address and side-car: the last is another, and the second mostly, when the node was dead. */
  readonly #known = new Map<string, string>();

  constructor(cluster: Pick<Cluster, 'nodes'>) {
    this.#cluster = cluster;
  }

  /** @throws as findNetns. */
  async of(pod: PodOnNode & { readonly node: string }, signal: AbortSignal | undefined): Promise<string> {
    const node = this.#cluster.nodes.find(({ name }) => name === pod.node);
    if (!node) throw new Error(`the endpoint ${pod.pod} is on ${pod.node}, which is no node of ours`);
    const key = `${pod.uid} ${pod.address} ${node.side.container}`;
    const known = this.#known.get(key) ?? (await findNetns(node, pod, signal));
    this.#known.set(key, known);
    return known;
  }
}
