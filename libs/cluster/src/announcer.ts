/** Who answers for an address: asked of the LAN, as every client does, and not of whoever believes to hold it. */
import type { Commander } from '@faultline/control';

/** All answers to one who-has arrive within this, in seconds: the LAN is a bridge of this host. */
const WAIT = '0.2';

/**
 * The MACs that answer a who-has for the address, lower case, first answer first. Two where two nodes hold it.
 * @param client a commander in the client container.
 */
export async function whoHas(
  client: Commander,
  address: string,
  options: { signal?: AbortSignal } = {},
): Promise<readonly string[]> {
  // Exit code 1: nobody answered.
  const { stdout } = await client.exec(['arping', '-r', '-i', 'eth0', '-c', '1', '-W', WAIT, address], {
    ...options,
    accept: [0, 1],
  });
  return [...new Set(stdout.toLowerCase().match(/\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/g) ?? [])];
}
