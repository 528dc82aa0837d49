/** What faults need, and who can say whether it is there: the cell, or a trial on this host. */
import type { BackendName } from '@faultline/cluster/plan';
import { faultKind, type FaultKind } from '@faultline/fault/plan';
import type { Substrate } from '@faultline/history';

interface Where {
  readonly substrate: Substrate;
  readonly backend: BackendName;
}

/** Features of the host, by probeHost's names. */
const OF_HOST: Readonly<Record<string, readonly string[]>> = {
  'nft.owner': ['nft owner'],
  'nft.netdev': ['nft owner', 'nft netdev egress'],
  netem: ['netem'],
  tbf: ['tbf'],
  'blkio.throttle': ['blkio throttle'],
};

/** What decides is how the cluster is made: the reason why it has it not, or nothing where it has. */
const OF_CELL: Readonly<Record<string, (where: Where) => string | undefined>> = {
  kubernetes: ({ substrate }) => (substrate === 'k3s' ? undefined : 'there is no Kubernetes on bare'),
  overlay: ({ backend }) => (backend.startsWith('vxlan') ? undefined : `${backend} has no VXLAN device`),
};

/** No host was seen to have it. */
const NOWHERE: Readonly<Record<string, string>> = { 'disk.quota': 'all nodes share the one disk of the host' };

/** Names of the host's features that a capability comes down to; none where the host is not asked. */
export const hostFeaturesOf = (capability: string | null): readonly string[] => OF_HOST[capability ?? ''] ?? [];

/** Whether somebody can say if it is there. */
export const isKnownCapability = (capability: string): boolean =>
  [OF_HOST, OF_CELL, NOWHERE].some((known) => capability in known);

/** Why nobody has it; undefined: some do. */
export const alwaysLacking = (capability: string): string | undefined => NOWHERE[capability];

/** These leave nothing that anybody would have to undo: who keeps them running starts them again. */
const PASSING: readonly string[] = ['process-kill', 'pod-kill', 'k3s-kill', 'k3s-restart', 'conntrack-flush'];

/** Should the harness die while it is in force. */
export function undoneBy({ name, capability }: Pick<FaultKind, 'name' | 'capability'>): string {
  if (PASSING.includes(name)) return 'itself: there is nothing to undo';
  return capability?.startsWith('nft.') ? 'the kernel, which removes a table with its owner' : 'the supervisor';
}

export interface Need {
  /** Who needs it: `fault-1 (loss)`. */
  readonly who: string;
  readonly capability: string;
}

/** What the faults of a scenario need. @throws FaultPlanError naming the nearest kind where there is none of that name. */
export function needsOfFaults(faults: readonly { readonly id: string; readonly kind: string }[]): readonly Need[] {
  return faults.flatMap(({ id, kind }) => {
    const { capability } = faultKind(kind);
    return capability === null ? [] : [{ who: `${id} (${kind})`, capability }];
  });
}

/** Why such a cell cannot have it; undefined: it can, or the host has to be asked. */
export const lackOfCell = (capability: string, where: Where): string | undefined =>
  alwaysLacking(capability) ?? OF_CELL[capability]?.(where);
