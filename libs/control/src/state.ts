/** Where Faultline keeps what must outlive a process: ledgers of faults, kept clusters. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$FAULTLINE_STATE`, else `$XDG_STATE_HOME/faultline`, else `~/.local/state/faultline`. */
export function stateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['FAULTLINE_STATE'] ?? join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'faultline');
}
