/** What a test of iperf3 says, together with the processors' account of the same time. Pure. */
import type { Reading, ThroughputLine } from '../prober/throughput.ts';

export interface Sent {
  /** That arrived. */
  readonly bytes: number;
  /** Over which they did, by iperf3. */
  readonly seconds: number;
  readonly retransmits: number;
  /** Of all processors of the host, seconds, from before iperf3's start to after its end. */
  readonly cpuSeconds: number;
  /** How long that was, seconds. */
  readonly wallSeconds: number;
  /** Processors that were busy right before, with nothing sent: what else the host does. */
  readonly idleCpus: number;
}

/** USER_HZ, which is what /proc/stat counts in on every architecture that k3s runs on. */
const TICKS = 100;

/** @throws Error naming what is missing. */
export function readSent({ iperf, idle, busy }: Extract<ThroughputLine, { type: 'sent' }>): Sent {
  const { end } = JSON.parse(iperf) as {
    end?: { sum_sent?: { retransmits?: number }; sum_received?: { bytes?: number; seconds?: number } };
  };
  const { bytes, seconds } = end?.sum_received ?? {};
  if (!bytes || !seconds) throw new Error('iperf3 did not say how much arrived in how long (end.sum_received)');
  const [idleCpu, idleWall] = spent(idle);
  const [cpuSeconds, wallSeconds] = spent(busy);
  return {
    bytes,
    seconds,
    retransmits: end?.sum_sent?.retransmits ?? 0,
    cpuSeconds,
    wallSeconds,
    idleCpus: idleCpu / idleWall,
  };
}

function spent([from, to]: readonly [Reading, Reading]): readonly [cpu: number, wall: number] {
  return [busySeconds(to.stat) - busySeconds(from.stat), (to.at - from.at) / 1e9];
}

/**
 * Seconds that the processors were busy since boot. Interrupts are in it, which are where the kernel forwards packets; guests
 * are counted in `user` already, and what a hypervisor took from us (`steal`) was nobody's work here.
 */
export function busySeconds(stat: string): number {
  const [label, user, nice, system, _idle, _iowait, irq, softirq] = stat.trim().split(/\s+/);
  if (label !== 'cpu') throw new Error(`/proc/stat begins with ${JSON.stringify(stat.slice(0, 20))} instead of "cpu"`);
  return [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks ?? 0), 0) / TICKS;
}
