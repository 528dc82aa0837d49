/** Which capabilities the kernel will ever let a process of this host have. */
import { readFile } from 'node:fs/promises';

/** The number of CAP_SYS_RESOURCE in linux/capability.h. */
const SYS_RESOURCE = 24n;

/** Whether `/proc/self/status` says that CAP_SYS_RESOURCE may be had. */
export function boundsHoldSysResource(status: string): boolean {
  const bounds = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (bounds === undefined) throw new Error('/proc/self/status: no line `CapBnd:`; is this Linux?');
  return ((BigInt(`0x${bounds}`) >> SYS_RESOURCE) & 1n) === 1n;
}

export async function hostHasSysResource(): Promise<boolean> {
  return boundsHoldSysResource(await readFile('/proc/self/status', 'utf8'));
}
