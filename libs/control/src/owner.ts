/**
 * Whose is it: labels on every container, network and volume, and the question whether its owner still lives.
 *
 * An owner is a process: pid and start time, within one boot. A pid alone is reused; a start time alone says nothing
 * after a reboot. Nothing is ever removed by name.
 */
import { readFileSync } from 'node:fs';

export const LABEL = {
  run: 'faultline.run',
  boot: 'faultline.boot',
  owner: 'faultline.owner',
  expires: 'faultline.expires',
  kept: 'faultline.kept',
  role: 'faultline.role',
  node: 'faultline.node',
} as const;

export interface Owner {
  /** The kernel's boot id. */
  readonly boot: string;
  readonly pid: number;
  /** Start time of the process, in clock ticks since boot (field 22 of /proc/pid/stat). */
  readonly started: string;
}

export function thisProcess(): Owner {
  return { boot: bootId(), pid: process.pid, started: startOf(process.pid) ?? '0' };
}

/** The labels of everything that a run makes. @param expires epoch milliseconds after which anyone may remove it. */
export function labelsOf(
  run: string,
  owner: Owner,
  options: { expires: number; kept?: boolean },
): Record<string, string> {
  return {
    [LABEL.run]: run,
    [LABEL.boot]: owner.boot,
    [LABEL.owner]: `${owner.pid}:${owner.started}`,
    [LABEL.expires]: String(options.expires),
    ...(options.kept && { [LABEL.kept]: 'true' }),
  };
}

export function ownerOf(labels: Readonly<Record<string, string>>): Owner | undefined {
  const [pid, started] = labels[LABEL.owner]?.split(':') ?? [];
  const boot = labels[LABEL.boot];
  if (!boot || !pid || !started) return undefined;
  return { boot, pid: Number(pid), started };
}

/** Whether the owner's process still runs. */
export function isAlive(owner: Owner): boolean {
  return owner.boot === bootId() && startOf(owner.pid) === owner.started;
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in parentheses, may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended: nobody will undo anything in its name.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
