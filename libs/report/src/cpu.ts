/** Whether the host had room: what is lost for want of a processor looks like the network. */
import { eventsOf, percent } from '@faultline/checker';
import type { Stamped } from '@faultline/history';

/** One sentence; undefined where nobody kept account. */
export function cpuWaited(events: readonly Stamped[]): string | undefined {
  const nodes = eventsOf(events, 'cpu').map(({ node, ranMs, waitedMs }) => ({
    node,
    share: waitedMs / (ranMs + waitedMs),
  }));
  if (nodes.length === 0) return undefined;
  const each = nodes.map(({ node, share }) => `${node} ${percent(share)}`).join(', ');
  return `Of the time in which they could have run, processes of nodes waited for a processor: ${each}.`;
}
