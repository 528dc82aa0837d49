/** Policies applied one set after the other, and what the cluster makes of each, held against the specification. */
import { MILLISECOND, systemClock } from '@faultline/history';
import type { Kube } from '@faultline/workload';
import { reachability, type Cell } from './evaluate.ts';
import { mayConnectByOneChain } from './one-chain.ts';
import type { Stage } from './live.ts';
import type { NetworkPolicy } from './policy.ts';

/** k3s' controller is driven by events; what it has not done after this, it will not do. */
const ENFORCED_WITHIN_MS = 15_000;

export interface Compared {
  readonly index: number;
  readonly policies: readonly NetworkPolicy[];
  readonly cells: number;
  /** How many of them the specification shuts. */
  readonly shut: number;
  /** Cells that were otherwise when the time was over: as they were seen. */
  readonly disagreements: readonly Cell[];
  /** Those of them that are otherwise than one chain for both directions has it, too. */
  readonly unexplained: readonly Cell[];
  /** From applying to the begin of the first look that was as specified, milliseconds; null where none was. */
  readonly enforcedMs: number | null;
  readonly looks: number;
}

/** A set of policies, the `index`th of its seed. */
export interface Drawn {
  readonly index: number;
  readonly policies: readonly NetworkPolicy[];
}

/** Looks in a row after which it is taken to stay so: as specified, and as the one chain has it, which may be on the way. */
const STAYS = { specified: 2, otherwise: 6 } as const;

/** Applies, looks until it stays as it is, and takes the policies away again. */
export async function compareOne(
  kube: Pick<Kube, 'apply' | 'remove'>,
  stage: Stage,
  { index, policies }: Drawn,
  signal: AbortSignal,
): Promise<Compared> {
  const wanted = reachability(stage.world, policies);
  const byOneChain = reachability(stage.world, policies, mayConnectByOneChain);
  await using undo = new AsyncDisposableStack();
  const begin = systemClock.now();
  const since = () => (systemClock.now() - begin) / MILLISECOND;
  for (const policy of policies.map(manifestOf)) {
    undo.defer(() => kube.remove(policy, undefined));
    await kube.apply(policy, signal);
  }
  let enforcedMs: number | null = null;
  let [wrong, unexplained]: readonly (readonly Cell[])[] = [];
  const inARow = { specified: 0, otherwise: 0 };
  let looks = 0;
  for (
    ;
    inARow.specified < STAYS.specified && inARow.otherwise < STAYS.otherwise && since() < ENFORCED_WITHIN_MS;
    looks++
  ) {
    const at = Math.round(since());
    const saw = await stage.look();
    wrong = disagreements(wanted, saw);
    unexplained = disagreements(byOneChain, saw);
    inARow.specified = wrong.length === 0 ? inARow.specified + 1 : 0;
    inARow.otherwise = unexplained.length === 0 && wrong.length > 0 ? inARow.otherwise + 1 : 0;
    if (inARow.specified < 2) enforcedMs = inARow.specified === 1 ? at : null;
  }
  const shut = wanted.filter(({ isOpen }) => !isOpen).length;
  return {
    index,
    policies,
    cells: wanted.length,
    shut,
    disagreements: wrong ?? [],
    unexplained: unexplained?.length === 0 ? [] : (wrong ?? []),
    enforcedMs,
    looks,
  };
}

/** What it applies. */
type Manifest = Parameters<Kube['apply']>[0];

/** As the Kubernetes client takes it: what YAML calls `from` it calls `_from`, and drops in silence where it is called otherwise. */
export function manifestOf({ metadata, spec, ...kind }: NetworkPolicy): Manifest {
  const { ingress, ...rest } = spec;
  const rules = ingress?.map(({ from, ...ports }) => ({ ...ports, ...(from && { _from: from }) }));
  return { ...kind, metadata: { ...metadata, labels: {} }, spec: { ...rest, ...(rules && { ingress: rules }) } };
}

/** Cells that were seen otherwise than they should be. */
export function disagreements(wanted: readonly Cell[], saw: readonly Cell[]): readonly Cell[] {
  const key = ({ from, to, port }: Cell) => `${from} ${to} ${port}`;
  const should = new Map(wanted.map((cell) => [key(cell), cell.isOpen]));
  return saw.filter((cell) => should.get(key(cell)) !== cell.isOpen);
}
