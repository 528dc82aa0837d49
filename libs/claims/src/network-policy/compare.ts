/** Policies applied one set after the other, and what the cluster makes of each, held against the specification. */
import { MILLISECOND, systemClock } from '@faultline/history';
import type { Kube } from '@faultline/workload';
import { reachability, type Cell } from './evaluate.ts';
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
  /** From applying to the begin of the first look that was as specified, milliseconds; null where none was. */
  readonly enforcedMs: number | null;
  readonly looks: number;
}

/** A set of policies, the `index`th of its seed. */
export interface Drawn {
  readonly index: number;
  readonly policies: readonly NetworkPolicy[];
}

/** Applies, looks until it is as specified twice in a row, and takes the policies away again. */
export async function compareOne(
  kube: Pick<Kube, 'apply' | 'remove'>,
  stage: Stage,
  { index, policies }: Drawn,
  signal: AbortSignal,
): Promise<Compared> {
  const wanted = reachability(stage.world, policies);
  const shut = wanted.filter(({ isOpen }) => !isOpen).length;
  await using undo = new AsyncDisposableStack();
  const begin = systemClock.now();
  const since = () => (systemClock.now() - begin) / MILLISECOND;
  for (const policy of policies.map(manifestOf)) {
    undo.defer(() => kube.remove(policy, undefined));
    await kube.apply(policy, signal);
  }
  let enforcedMs: number | null = null;
  let wrong: readonly Cell[] = [];
  let looks = 0;
  for (let inARow = 0; inARow < 2 && since() < ENFORCED_WITHIN_MS; looks++) {
    const at = since();
    wrong = disagreements(wanted, await stage.look());
    if (wrong.length === 0 && inARow === 0) enforcedMs = Math.round(at);
    inARow = wrong.length === 0 ? inARow + 1 : 0;
    if (inARow === 0) enforcedMs = null;
  }
  return { index, policies, cells: wanted.length, shut, disagreements: wrong, enforcedMs, looks };
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
