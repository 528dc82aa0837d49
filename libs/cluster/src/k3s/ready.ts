/** When nodes are ready: what Kubernetes says, and never a log line. */
import type { V1Node } from '@kubernetes/client-node';
import { done, notYet } from '@faultline/control';
import type { Judge, Watched } from './watch.ts';

/** What matters of a Node. */
export interface NodeState {
  readonly name: string;
  readonly ready: boolean;
  /** Why it is not, in kubelet's words. */
  readonly reason: string;
  /** When kubelet last said so, ISO 8601 with seconds. */
  readonly heartbeat: string;
  readonly podSubnet: string | undefined;
  readonly k3s: string;
  /** e.g. `containerd://2.0.5-k3s2`. */
  readonly runtime: string;
}

export function stateOf(node: V1Node): NodeState {
  const condition = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const heartbeat: Date | string | undefined = condition?.lastHeartbeatTime;
  return {
    name: node.metadata?.name ?? '',
    ready: condition?.status === 'True',
    reason: condition?.message ?? condition?.reason ?? 'kubelet has not said anything yet',
    heartbeat: typeof heartbeat === 'object' ? heartbeat.toISOString() : (heartbeat ?? ''),
    podSubnet: node.spec?.podCIDR,
    k3s: node.status?.nodeInfo?.kubeletVersion ?? '',
    runtime: node.status?.nodeInfo?.containerRuntimeVersion ?? '',
  };
}

export const NODES: Watched<V1Node, NodeState> = { path: '/api/v1/nodes', read: stateOf };

/** Every planned node is there and Ready. `progress` hears of each node's first appearance, and when it is first Ready. */
export function allReady(
  names: readonly string[],
  progress: (step: 'registered' | 'ready', node: NodeState) => void,
): Judge<NodeState, readonly NodeState[]> {
  const told = new Set<string>();
  const tell = (step: 'registered' | 'ready', node: NodeState) => {
    if (told.has(`${step} ${node.name}`)) return;
    told.add(`${step} ${node.name}`);
    progress(step, node);
  };
  return (nodes, changed) => {
    tell('registered', changed);
    if (changed.ready) tell('ready', changed);
    const states = names.map((name) => nodes.get(name));
    const lacking = states.flatMap((state, index) => {
      if (state?.ready) return [];
      return [`${names[index]} ${state ? `not ready: ${state.reason}` : 'not registered'}`];
    });
    return lacking.length > 0 ? notYet(lacking.join('; ')) : done(states.flatMap((state) => state ?? []));
  };
}

/** The node is Ready, and its kubelet said so after that instant: what it said before it died does not count. */
export function readySince(name: string, since: string): Judge<NodeState, NodeState> {
  return (nodes) => {
    const state = nodes.get(name);
    if (!state) return notYet(`${name} is not registered`);
    if (!state.ready) return notYet(`${name} is not ready: ${state.reason}`);
    // Kubernetes keeps whole seconds, and no kubelet is up within the second of its start.
    return state.heartbeat.slice(0, 19) > since.slice(0, 19)
      ? done(state)
      : notYet(`${name} was last heard of at ${state.heartbeat}, before its start`);
  };
}
