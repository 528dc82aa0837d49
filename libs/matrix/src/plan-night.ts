/** A night's plan: which rows, in which order, and which of them one cluster serves. Data, the same for the same seed. */
import { planRun, type RunPlan, type Scenario } from '@faultline/scenario/plan';
import { FACTORS, scenarioCellOf, type Factor, type NightCell } from './cell.ts';
import { countCombinations, cover, numbered } from './cover.ts';
import { estimateByPlan, type Estimate } from './estimate.ts';
import { modelOf, type Candidate, type Lack, type Model, type ModelOptions } from './model.ts';
import { MUST, mustIndex } from './must.ts';

export const NIGHT_VERSION = 1;

/** A cluster that grows old is another one than a fresh one, and a group is what a crash can take along: not too many. */
const MOST_ROWS_ON_A_CLUSTER = 8;

export interface Row extends Estimate {
  readonly id: string;
  readonly cell: NightCell;
  /** Of the row's own plan: it depends on the night's and on the row, and on no other row. */
  readonly seed: number;
  /** Why it is there whatever the seed; null: for the combinations that it brings. */
  readonly must: string | null;
  /** Combinations that no row before it brings. */
  readonly brings: number;
  /** Not empty: the row is a skip. */
  readonly lacks: readonly Lack[];
}

/** Rows that one cluster serves, one after the other. */
export interface Group {
  readonly name: string;
  readonly rows: readonly string[];
}

export interface NightPlan {
  readonly version: number;
  readonly seed: number;
  /** 2: pairs, 3: triples. */
  readonly strength: number;
  /** Valid cells, and the combinations that they have. */
  readonly cells: number;
  readonly combinations: number;
  readonly values: Readonly<Record<Factor, readonly string[]>>;
  readonly untested: Model['untested'];
  /** Features of the host that some cell needs, by probeHost's names. */
  readonly needs: readonly string[];
  /** Those that must be first, then those of most gain. */
  readonly rows: readonly Row[];
  /** Of the rows that lack nothing. */
  readonly groups: readonly Group[];
}

export interface NightPlanOptions extends ModelOptions {
  readonly seed: number;
  readonly strength: number;
  /** What rows took on earlier nights, without their boots, milliseconds. */
  readonly durations?: ReadonlyMap<string, number>;
}

export function planNight(scenarios: readonly Scenario[], options: NightPlanOptions): NightPlan {
  const { seed, strength } = options;
  const { candidates, values, untested } = modelOf(scenarios, options);
  const planned = chosenRows(candidates, options);
  return {
    version: NIGHT_VERSION,
    seed,
    strength,
    cells: candidates.length,
    combinations: countCombinations(candidates.map(vectorOf), strength),
    values,
    untested,
    needs: [...new Set(candidates.flatMap(({ needs }) => needs))],
    rows: planned.map(({ row }) => row),
    groups: groupsOf(planned),
  };
}

const vectorOf = ({ cell }: { readonly cell: NightCell }): readonly string[] => FACTORS.map((factor) => cell[factor]);

interface Planned {
  readonly row: Row;
  readonly plan: RunPlan;
}

/** Those that must be first, then those of most gain. */
function chosenRows(candidates: readonly Candidate[], options: NightPlanOptions): readonly Planned[] {
  const { seed, strength, durations } = options;
  const vectors = candidates.map(vectorOf);
  const musts = new Map(MUST.map((must) => [mustIndex(must, candidates), must.why] as const).filter(([at]) => at >= 0));
  const chosen = cover(vectors, { strength, seed, must: [...musts.keys()], passes: passesOf(candidates) });
  const tuples = numbered(vectors, strength);
  const covered = new Set<number>();
  return chosen.flatMap((index) => {
    const candidate = candidates[index];
    if (!candidate) return [];
    const before = covered.size;
    tuples[index]?.forEach((tuple) => covered.add(tuple));
    const { id, cell, lacks } = candidate;
    const plan = rowPlan(candidate, seed);
    const { bootMs, ownMs } = estimateByPlan(plan);
    const named = { id, cell, lacks, seed: plan.seed, must: musts.get(index) ?? null };
    return [{ plan, row: { ...named, brings: covered.size - before, bootMs, ownMs: durations?.get(id) ?? ownMs } }];
  });
}

/** What can be run is preferred: a skip stands only for what nothing else brings. */
function passesOf(candidates: readonly Candidate[]): readonly (readonly number[])[] {
  const all = candidates.map((_, index) => index);
  const isRunnable = (index: number): boolean => candidates[index]?.lacks.length === 0;
  return [all.filter(isRunnable), all.filter((index) => !isRunnable(index))];
}

/** The images make no difference to how a night is laid out. */
function rowPlan({ id, cell, scenario }: Candidate, seed: number): RunPlan {
  const k3s = cell.substrate === 'k3s' ? cell.k3s : undefined;
  return planRun(scenario, {
    cell: scenarioCellOf(cell),
    seed: rowSeed(seed, id),
    app: 'app',
    tools: 'tools',
    k3s,
    healAll: true,
  });
}

/** 32 bits of FNV-1a: another night, or another row, is another seed. */
export function rowSeed(seed: number, id: string): number {
  const bytes = new TextEncoder().encode(`${seed} ${id}`);
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

function groupsOf(planned: readonly Planned[]): readonly Group[] {
  const runnable = planned.filter(({ row }) => row.lacks.length === 0);
  const clusters = [...Map.groupBy(runnable, ({ plan }) => JSON.stringify(plan.cluster.spec)).values()];
  const parts = clusters.flatMap((rows) => {
    // Those that deploy the same follow each other: between others the app is deployed anew.
    const byWorkload = [...Map.groupBy(rows, ({ plan }) => JSON.stringify(plan.workload)).values()].flat();
    const count = Math.ceil(rows.length / MOST_ROWS_ON_A_CLUSTER);
    const size = Math.ceil(rows.length / count);
    return Array.from({ length: count }, (_, part) => byWorkload.slice(part * size, (part + 1) * size));
  });
  return parts.map((rows, index) => ({
    name: `cluster-${String(index + 1).padStart(3, '0')}`,
    rows: rows.map(({ row }) => row.id),
  }));
}

/** The share of a plan's combinations that these rows have. */
export function shareOf({ strength, combinations }: NightPlan, rows: readonly Row[]): number {
  return combinations === 0 ? 0 : countCombinations(rows.map(vectorOf), strength) / combinations;
}
