/** Policies applied one set after the other, and what the cluster makes of each, held against the specification. */
import { MILLISECOND, systemClock } from '@faultline/history';
import type { Rig } from '../rig.ts';
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
  /** From applying to the first look that was as specified, milliseconds; null where none was. A look takes 0.3 s. */
  readonly enforcedMs: number | null;
  readonly looks: number;
}

/** Applies, looks until it is as specified twice in a row, and takes the policies away again. */
export async function compareOne(
  rig: Rig,
  stage: Stage,
  { index, policies }: { index: number; policies: readonly NetworkPolicy[] },
): Promise<Compared> {
  const wanted = reachability(stage.world, policies);
  const input = policies.map((policy) => JSON.stringify(policy)).join('\n');
  // Not by the rig, which would remember each to the end: they are taken away below, and their namespaces are the stage's.
  const kubectl = (...words: readonly string[]) =>
    rig.server.exec(['kubectl', ...words, '-f', '-'], { signal: rig.signal, input });
  const begin = systemClock.now();
  const since = () => (systemClock.now() - begin) / MILLISECOND;
  await kubectl('apply');
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
  await kubectl('delete', '--ignore-not-found');
  const shut = wanted.filter(({ isOpen }) => !isOpen).length;
  return { index, policies, cells: wanted.length, shut, disagreements: wrong, enforcedMs, looks };
}

/** Cells that were seen otherwise than they should be. */
export function disagreements(wanted: readonly Cell[], saw: readonly Cell[]): readonly Cell[] {
  const key = ({ from, to, port }: Cell) => `${from} ${to} ${port}`;
  const should = new Map(wanted.map((cell) => [key(cell), cell.isOpen]));
  return saw.filter((cell) => should.get(key(cell)) !== cell.isOpen);
}
