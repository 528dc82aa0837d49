/** Puts a queue at the way out of the LAN interface, in which packets are held back, doubled or spoilt. What comes in is not concerned. */
import type { Commander } from '@faultline/control';
import { queueOf, rootQueue, type ShownQueue } from '../queues.ts';
import { ANSWER_MS, ip, linkState } from '../routes.ts';
import type { Act } from './act.ts';
import { changeAct, type Memory } from './change.act.ts';

/** What interfaces of containers have: none. */
const UNTOUCHED = 'noqueue';

export const queueAct: Act = changeAct({
  async survey({ node, plan, signal }) {
    const device = node.interface;
    const queue = queueOf(plan.kind, plan.parameters);
    await tried(node.side, queue, signal);
    const { kind } = await show(node.side, device);
    if (kind !== UNTOUCHED) {
      throw new Error(
        `${device} of ${node.name} has a queue already, ${kind}. Allowed: one such fault a node at a time`,
      );
    }
    const { queueLength: length } = await linkState(node.side, device);
    return { device, queue: queue.join(' '), length };
  },
  async strike(side, { device, queue }, signal) {
    await side.exec(['tc', 'qdisc', 'replace', 'dev', String(device), 'root', ...String(queue).split(' ')], { signal });
  },
  async look(side, memory) {
    const { kind, packets, limited } = await show(side, String(memory['device']));
    const detail = `the queue of ${memory['device']} is ${kind}, ${packets} packets passed it, ${limited} were held back or dropped`;
    return { inForce: kind === nameOf(memory), detail };
  },
  /** A limit that nobody reached has limited nobody. */
  async seen({ node: { side } }, memory) {
    const { kind, packets, limited } = await show(side, String(memory['device']));
    const acted = kind === 'tbf' ? limited : packets;
    return { effect: acted > 0, detail: acted > 0 ? 'so it acted' : 'so it did not act yet' };
  },
  async restore(side, memory) {
    const device = String(memory['device']);
    const { kind } = await show(side, device);
    if (kind !== nameOf(memory)) return `${device} had no such queue`;
    await side.exec(['tc', 'qdisc', 'delete', 'dev', device, 'root'], { timeoutMs: ANSWER_MS });
    // With its first queue an interface of none gets a length as well, and keeps it (seen).
    await ip(side, [`link set dev ${device} txqueuelen ${memory['length']}`]);
    return `${kind} was taken off ${device}`;
  },
});

const nameOf = ({ queue }: Memory): string => String(queue).split(' ')[0] ?? '';

/** In a network of its own, which ends with the trial: what the kernel lacks is found out before anything is touched. */
async function tried(side: Commander, queue: readonly string[], signal: AbortSignal): Promise<void> {
  const argv = ['unshare', '--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', ...queue];
  const { exitCode, stderr } = await side.exec(argv, { signal, accept: 'any' });
  if (exitCode === 0) return;
  throw new Error(`this kernel lacks ${queue[0]}: \`tc ${argv.slice(3).join(' ')}\`: ${stderr.trim()}`);
}

async function show(side: Commander, device: string): Promise<ShownQueue> {
  const argv = ['tc', '-json', '-statistics', 'qdisc', 'show', 'dev', device];
  return rootQueue((await side.exec(argv, { timeoutMs: ANSWER_MS })).stdout);
}
