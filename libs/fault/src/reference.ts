/**
 * What the kernel shows of an nft script: rendered by another nft in an empty network namespace, so that what an injector
 * did can be held against what the plan says, word by word, and not against what the injector says.
 */
import type { Commander } from '@faultline/control';
import { normalise } from './dataplane.ts';
import type { TableScript } from './nft.ts';

/** A device of the same name, for tables of an interface; then what stands on standard input. `$1` is no part of the script. */
const RENDER = 'ip link add "$1" type veth && exec nft --stateless --interactive';
const RENDER_MS = 10_000;

/** The lines of the data plane that the script adds. @throws CommandError; Error with what nft complains of. */
export async function rendered(
  side: Commander,
  script: TableScript,
  device: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const input = [...script.prepare, script.strike, 'list ruleset', ''].join('\n');
  const argv = ['unshare', '--net', 'sh', '-c', RENDER, 'sh', device];
  const { stdout, stderr } = await side.exec(argv, { input, signal, timeoutMs: RENDER_MS });
  const lines = normalise(`=== nft\n${stdout}`);
  if (stderr.trim() || lines.length === 0)
    throw new Error(
      `${side.name}: nft does not understand the table ${script.table}: ${stderr.trim() || 'it is empty'}`,
    );
  return lines;
}

/** How the kernel numbers the table, its chains and its rules, from `nft --handle list table`: made anew, it has other numbers. */
export function handlesIn(listing: string): string {
  return [...listing.matchAll(/ # handle (\d+)/g)].map(([, handle]) => handle).join('.');
}
