/** What a test of iperf3 amounts to. */
import type { ThroughputTurn } from './backend-comparison.ts';

const GIGA = 1e9;
/** With less than this left of what was spent, the rest of the host was busier than the test. */
const LEAST_SHARE = 0.05;

/** Gigabits a second that arrived. */
export const gigabits = ({ bytes, seconds }: ThroughputTurn): number => (bytes * 8) / GIGA / seconds;

/**
 * Seconds of processor time for each gigabyte that arrived: of the whole host, less what it did right before with nothing
 * sent. Null where hardly anything is left: then it was busy with something else.
 */
export function cpuPerGigabyte({ bytes, cpuSeconds, wallSeconds, idleCpus }: ThroughputTurn): number | null {
  const spent = cpuSeconds - idleCpus * wallSeconds;
  return spent < cpuSeconds * LEAST_SHARE ? null : spent / (bytes / GIGA);
}
