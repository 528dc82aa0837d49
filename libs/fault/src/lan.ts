/** What the LAN says of an address, asked from a machine that is not the struck one. */
import type { Commander } from '@faultline/control';

/** ARP who-has, three times within a second: exit code 1 says that nobody answered. */
export async function askLan(
  witness: Commander | undefined,
  address: string,
  signal: AbortSignal,
): Promise<{ silent: boolean | null; detail: string }> {
  if (!witness) return { silent: null, detail: 'nobody on the LAN was there to ask for its address' };
  const output = await witness.exec(['arping', '-c', '3', '-w', '1', '-i', 'eth0', address], { signal, accept: 'any' });
  const answered = /\[([0-9a-f:]{17})\]/i.exec(output.stdout)?.[1];
  if (answered) return { silent: false, detail: `${address} is still answered for by ${answered}` };
  if (output.exitCode !== 1) return { silent: null, detail: `ARP could not be asked: ${output.stderr.trim()}` };
  return { silent: true, detail: `nobody answers ARP for ${address}` };
}
