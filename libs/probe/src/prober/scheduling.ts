/** Asks the kernel for precedence over what the prober measures, and says what it got. */
import { spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';

export function takePrecedence(): string {
  const fifo = spawnSync('chrt', ['--fifo', '--pid', '50', String(process.pid)], { encoding: 'utf8' });
  if (fifo.status === 0) return 'SCHED_FIFO 50';
  // On cgroup v1 with CONFIG_RT_GROUP_SCHED a container has no real-time budget unless its engine was told to give one.
  const reason = fifo.error?.message ?? fifo.stderr.trim().split('\n')[0];
  try {
    setPriority(-20);
    return `nice -20 (SCHED_FIFO: ${reason})`;
  } catch {
    return `default priority (SCHED_FIFO: ${reason}; nice -20: not permitted)`;
  }
}
