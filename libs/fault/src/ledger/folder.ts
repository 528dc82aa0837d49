/** Where ledgers are unless told otherwise. Apart from file.ts, which the supervisor reads without what control brings along. */
import { join } from 'node:path';
import { stateFolder } from '@faultline/control';

export function ledgerFolder(): string {
  return join(stateFolder(), 'ledger');
}
