/** One sample on its way: stamped when sent, settled exactly once, at the latest at its timeout. */
import type { SampleClass } from '@faultline/history';
import { now, type Sample } from './schedule.ts';

export interface Outcome {
  readonly result: SampleClass;
  readonly answeredBy: string | null;
}

/** Takes a finished sample: when it was sent, how long it took (ns), and what came of it. */
export type Settle = (sample: Sample, sent: number, duration: number, outcome: Outcome) => void;

/** A way to send samples. Each sample that was sent is settled once. */
export interface Probe {
  send(sample: Sample): void;
  close(): void;
}

/** The first call counts, and is stamped. */
export type Finish = (result: SampleClass, answeredBy?: string | null) => void;

/** Begins a sample: call it just before the system call that sends. */
export function attempt(sample: Sample, timeoutMs: number, settle: Settle, giveUp: () => void): Finish {
  let open = true;
  const sent = now();
  const finish: Finish = (result, answeredBy = null) => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    settle(sample, sent, now() - sent, { result, answeredBy });
  };
  const expire = () => {
    if (!open) return;
    finish('timeout');
    giveUp();
  };
  // After a hold-up of our own, the timer is due before the answer, which waits in the socket, was read. Answers go first.
  const timer = setTimeout(() => setImmediate(expire), timeoutMs);
  return finish;
}
