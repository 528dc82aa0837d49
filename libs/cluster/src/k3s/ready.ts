/** When a k3s cluster is ready: asked of Kubernetes, by watches. Never of log lines. */
import { Watch, type KubeConfig, type V1Node } from '@kubernetes/client-node';
import { done, notYet, waitFor, type Answer } from '@faultline/control';

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly withinMs: number;
}

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

/**
 * Watches the Nodes until the judge is done. A watch begins with all that are there; one that breaks is begun again.
 * @param judge called with every state seen, the latest of each node.
 * @throws DeadlineError with what the judge last saw.
 */
export function watchNodes<T>(
  config: KubeConfig,
  what: string,
  judge: (nodes: ReadonlyMap<string, NodeState>, changed: NodeState) => Answer<T>,
  options: WatchOptions,
): Promise<T> {
  let saw = 'no Node at all';
  const once = (signal: AbortSignal) => oneWatch(config, signal, (nodes, changed) => {
    const answer = judge(nodes, changed);
    if (!answer.done) ({ saw } = answer);
    return answer;
  });
  return waitFor(what, async (signal) => {
    const answer = await once(signal);
    return answer.done ? answer : notYet(`${saw} (${answer.saw})`);
  }, options);
}

type Judge<T> = (nodes: ReadonlyMap<string, NodeState>, changed: NodeState) => Answer<T>;

/** One connection: until the judge is done, it breaks, or the signal. */
async function oneWatch<T>(config: KubeConfig, signal: AbortSignal, judge: Judge<T>): Promise<Answer<T>> {
  const nodes = new Map<string, NodeState>();
  const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
  const stop = () => resolve(notYet('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  const changed = (verb: string, node: V1Node) => {
    const state = stateOf(node);
    if (verb === 'DELETED') nodes.delete(state.name);
    else nodes.set(state.name, state);
    const answer = judge(nodes, state);
    if (answer.done) resolve(answer);
  };
  const broken = (error: unknown) => {
    if (error) reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
    else resolve(notYet('the watch was closed'));
  };
  const connection = new Watch(config).watch('/api/v1/nodes', {}, changed, broken);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    // The connection may still be on its way: it is closed when it comes.
    void connection.then((controller) => controller.abort());
  }
}

/** Every planned node is there and Ready. `progress` hears of each node's first appearance, and when it is first Ready. */
export function allReady(names: readonly string[], progress: (step: 'registered' | 'ready', node: NodeState) => void): Judge<readonly NodeState[]> {
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
export function readySince(name: string, since: string): Judge<NodeState> {
  return (nodes) => {
    const state = nodes.get(name);
    if (!state) return notYet(`${name} is not registered`);
    if (!state.ready) return notYet(`${name} is not ready: ${state.reason}`);
    // Kubernetes keeps whole seconds.
    return state.heartbeat >= `${since.slice(0, 19)}` ? done(state) : notYet(`${name} was last heard of at ${state.heartbeat}, before its start`);
  };
}
