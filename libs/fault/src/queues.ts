/** Queues of the kernel that change what leaves an interface, as `tc` takes them. */
import type { FaultParameters } from './spec.ts';

/** What of them the kernel needs: netem is in few, tbf in nearly all. */
export type QueueName = 'netem' | 'tbf';

/** More than a LAN holds under way in 10 s of delay at the rates of a test; netem's own 1000 would be a loss of its own. */
const LIMIT = ['limit', '10000'];
/** tc refuses a bucket that does not hold a packet; the kernel cuts larger ones up. */
const LEAST_BURST = 3_200;
/** A bucket of 20 ms: what the kernel's clock can refill evenly. */
const BURST_SHARE = 0.02;
/** What waits longer is dropped, as by a router of a small buffer. */
const LONGEST = '200ms';

const QUEUES: Readonly<Record<string, (parameters: FaultParameters) => readonly string[]>> = {
  rate: ({ kbit }) => {
    const burst = Math.max(LEAST_BURST, Math.round((Number(kbit) * 1000 * BURST_SHARE) / 8));
    return ['tbf', 'rate', `${kbit}kbit`, 'burst', `${burst}b`, 'latency', LONGEST];
  },
  delay: ({ ms, jitterMs }) => ['netem', ...LIMIT, 'delay', `${ms}ms`, ...(jitterMs === 0 ? [] : [`${jitterMs}ms`])],
  // Those that are drawn go at once, and so overtake the delayed ones before them.
  reorder: ({ percent, ms }) => ['netem', ...LIMIT, 'delay', `${ms}ms`, 'reorder', `${percent}%`],
  duplicate: ({ percent }) => ['netem', ...LIMIT, 'duplicate', `${percent}%`],
  corrupt: ({ percent }) => ['netem', ...LIMIT, 'corrupt', `${percent}%`],
};

/** @param kind one of those, with checked parameters. */
export function queueOf(kind: string, parameters: FaultParameters): readonly string[] {
  const queue = Object.hasOwn(QUEUES, kind) ? QUEUES[kind]?.(parameters) : undefined;
  if (!queue) throw new Error(`${kind} is no fault of a queue`);
  return queue;
}

export interface ShownQueue {
  readonly kind: string;
  /** Packets that passed it, and those that it held back or dropped. */
  readonly packets: number;
  readonly limited: number;
}

interface Shown {
  readonly kind: string;
  readonly root?: boolean;
  readonly packets?: number;
  readonly overlimits?: number;
  readonly drops?: number;
}

/** The root queue of an interface, from `tc -json -statistics qdisc show dev <it>`. */
export function rootQueue(json: string): ShownQueue {
  const root = (JSON.parse(json) as readonly Shown[]).find((queue) => queue.root);
  const { kind = 'none', packets = 0, overlimits = 0, drops = 0 } = root ?? {};
  return { kind, packets, limited: overlimits + drops };
}
