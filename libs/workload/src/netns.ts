/** Where the network namespaces of pods lie in their nodes: asked of containerd, which made them. */
import type { Commander } from '@faultline/control';

interface Sandboxes {
  readonly items: readonly {
    readonly id: string;
    readonly state: string;
    readonly metadata: { readonly uid: string };
  }[];
}

interface Inspected {
  readonly info: {
    readonly runtimeSpec: {
      readonly linux: { readonly namespaces: readonly { readonly type: string; readonly path?: string }[] };
    };
  };
}

export interface PodOnNode {
  readonly pod: string;
  readonly uid: string;
}

/**
 * The path of a pod's network namespace, in the node's mount namespace.
 * @throws CommandError where the node is dead; Error where it does not have the pod.
 */
export async function findNetns(
  node: Commander,
  { pod, uid }: PodOnNode,
  signal: AbortSignal | undefined,
): Promise<string> {
  const options = signal ? { signal } : {};
  const listed = await node.exec(['crictl', 'pods', '--name', pod, '--output', 'json'], options);
  const sandbox = (JSON.parse(listed.stdout) as Sandboxes).items.find(
    ({ metadata, state }) => metadata.uid === uid && state === 'SANDBOX_READY',
  );
  if (!sandbox) throw new Error(`${node.name} runs no sandbox of the pod ${pod}, which Kubernetes says is ready there`);
  const { stdout } = await node.exec(['crictl', 'inspectp', '--output', 'json', sandbox.id], options);
  const { info } = JSON.parse(stdout) as Inspected;
  const path = info.runtimeSpec.linux.namespaces.find(({ type }) => type === 'network')?.path;
  if (!path) throw new Error(`the sandbox of the pod ${pod} on ${node.name} has no network namespace of its own`);
  return path;
}
