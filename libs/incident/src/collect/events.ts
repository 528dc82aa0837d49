/** Recent Events. What happened to whom is kept; the words of it only where they are known to be harmless. Pure. */
import type { SeenEvent } from '../bundle/bundle.ts';
import { secretIn } from '../secret/pattern.ts';
import type { RawObject } from './object.ts';
import type { Naming } from './naming.ts';

const MOST = 300;

/** Reasons whose messages are put together by Kubernetes, k3s, MetalLB and kube-vip from names and numbers alone. */
const HARMLESS = [
  'AppliedDaemonSet',
  'FailedScheduling',
  'IPAllocated',
  'AllocationFailed',
  'ClearAssignment',
  'NodeHasDiskPressure',
  'NodeHasSufficientMemory',
  'NodeNotReady',
  'NodeReady',
  'NodeNotSchedulable',
  'NodeSchedulable',
  'RegisteredNode',
  'RemovingNode',
  'ScalingReplicaSet',
  'TaintManagerEviction',
  'UnAvailableLoadBalancer',
  'UpdatedIngressIP',
  'UpdatedLoadBalancer',
  'nodeAssigned',
];

interface EventObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject?: Named;
  /** As events.k8s.io/v1 calls it. */
  readonly regarding?: Named;
}

interface Named {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** The last ones, in the order of time. */
export function eventsOf(all: readonly RawObject[], naming: Naming): readonly SeenEvent[] {
  return all
    .filter(({ kind }) => kind === 'Event')
    .map((raw) => seen(raw as RawObject & EventObject, naming))
    .filter((event) => event !== undefined)
    .toSorted((a, b) => ((a.last ?? '') < (b.last ?? '') ? -1 : 1))
    .slice(-MOST);
}

function seen(event: RawObject & EventObject, naming: Naming): SeenEvent | undefined {
  const { type, reason = '', message = '', count = 1, lastTimestamp, eventTime } = event;
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,80}$/.test(reason) || secretIn(reason) !== undefined) return undefined;
  const words = HARMLESS.includes(reason) ? naming.words(message) : undefined;
  const last = lastTimestamp ?? eventTime ?? null;
  return {
    type: type === 'Warning' ? 'Warning' : 'Normal',
    reason,
    about: aboutOf(event.involvedObject ?? event.regarding ?? {}, naming),
    count: Number.isInteger(count) && count > 0 ? count : 1,
    last: last !== null && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(last) ? last : null,
    message: words === undefined || words.length > 500 || secretIn(words) !== undefined ? null : words,
  };
}

/** A pod is called by its workload: it has another name in every cluster. */
function aboutOf({ kind = '?', name = '?', namespace }: Named, naming: Naming): string {
  if (kind === 'Node') return `Node ${naming.node(name) ?? 'that is gone'}`;
  const workload = kind === 'Pod' ? name.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$|-[a-z0-9]{5}$|-\d+$/, '') : name;
  const called = kind === 'ReplicaSet' ? workload.replace(/-[a-z0-9]{6,10}$/, '') : workload;
  const words = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${called}`;
  return secretIn(words) === undefined && words.length < 200 ? words : kind;
}
