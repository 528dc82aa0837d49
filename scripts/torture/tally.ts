/** What many kills came to: one line for each kind of fault. Pure. */

export interface Result {
  readonly number: number;
  readonly how: 'inject' | 'run';
  readonly kind: string;
  readonly on: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Milliseconds since the start of the harness, or since its fault was in force. */
  readonly killedAfter: string;
  readonly inForce: boolean;
  /** Who undoes it when the harness is dead: the kernel, the supervisor, or nobody because nothing is left. */
  readonly undoneBy: 'kernel' | 'supervisor' | 'nobody';
  /** From SIGKILL to traffic, as a stream through the fault saw it; null: it was not cut. */
  readonly restoredMs: number | null;
  /** From SIGKILL until the ledger says that nothing is in force; null: nothing was. */
  readonly undoneMs: number | null;
  /** What is there and was not, or was and is not, after all is over. */
  readonly left: readonly string[];
  readonly foreignMissing: readonly string[];
}

export interface Row {
  readonly kind: string;
  readonly kills: number;
  readonly inForce: number;
  readonly leaks: number;
  readonly restored: readonly number[];
  readonly undone: readonly number[];
}

export function rows(results: readonly Result[]): readonly Row[] {
  const byKind = Map.groupBy(results, ({ how, kind }) => (how === 'run' ? 'whole runs' : kind));
  return [...byKind]
    .map(([kind, all]) => ({
      kind,
      kills: all.length,
      inForce: all.filter(({ inForce }) => inForce).length,
      leaks: all.filter(isLeak).length,
      restored: all.flatMap(({ restoredMs }) => restoredMs ?? []),
      undone: all.flatMap(({ undoneMs }) => undoneMs ?? []),
    }))
    .toSorted((a, b) => a.kind.localeCompare(b.kind));
}

export const isLeak = ({ left, foreignMissing }: Result): boolean => left.length + foreignMissing.length > 0;

/** The value below which that share of the values lies, by nearest rank; undefined: there are none. */
export function quantileOf(values: readonly number[], share: number): number | undefined {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)];
}

const ms = (value: number | undefined): string => (value === undefined ? '-' : `${Math.round(value)}`);
const figures = (values: readonly number[]): string =>
  `${values.length} | ${ms(quantileOf(values, 0.5))} | ${ms(quantileOf(values, 0.99))} | ${ms(quantileOf(values, 1))}`;

/** Markdown, so that it can stand in a document as it was printed. */
export function table(results: readonly Result[]): string {
  const head = [
    '| kind | kills | in force | leaks | traffic cut | restored ms: median | p99 | worst | undone | ms: median | p99 | worst |',
    `|${' --- |'.repeat(12)}`,
  ];
  const line = ({ kind, kills, inForce, leaks, restored, undone }: Row): string =>
    `| ${kind} | ${kills} | ${inForce} | ${leaks} | ${figures(restored)} | ${figures(undone)} |`;
  return [...head, ...rows(results).map(line)].join('\n');
}

/** The two promises, each with what was seen: packet faults by their traffic, the others by whichever is later. */
export function promises(results: readonly Result[]): readonly { readonly said: string; readonly kept: boolean }[] {
  const leaks = results.filter(isLeak).length;
  const packet = results.filter(({ undoneBy }) => undoneBy === 'kernel').flatMap(({ restoredMs }) => restoredMs ?? []);
  const others = results
    .filter(({ undoneBy, restoredMs, undoneMs }) => undoneBy === 'supervisor' && (restoredMs ?? undoneMs) !== null)
    .map(({ restoredMs, undoneMs }) => Math.max(restoredMs ?? 0, undoneMs ?? 0));
  const median = quantileOf(packet, 0.5);
  const p99 = quantileOf(others, 0.99);
  return [
    { said: `${results.length} kills: ${leaks} left something behind, or took something foreign`, kept: leaks === 0 },
    {
      said: `packet faults: traffic back ${ms(median)} ms after SIGKILL in the median of ${packet.length} (at most 250)`,
      kept: (median ?? 0) <= 250,
    },
    {
      said: `others: traffic back, and all undone, ${ms(p99)} ms after SIGKILL at the 99th percentile of ${others.length} (at most 3000)`,
      kept: (p99 ?? 0) <= 3_000,
    },
  ];
}
