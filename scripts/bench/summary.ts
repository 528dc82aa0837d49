/** Times of repeated runs, said honestly: the middle, the least, the most and how many; an average would hide the rest. */

/** When each stage of one run was reached, in seconds since its begin. */
export type Stages = ReadonlyMap<string, number>;

export interface Row {
  readonly stage: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

/** One row a stage, in the order in which the stages are reached; last what is in parentheses, for it has another zero. */
export function rowsOf(runs: readonly Stages[]): Row[] {
  const names = new Set(runs.flatMap((run) => [...run.keys()]));
  const rows = [...names].map((stage) => {
    const times = runs.flatMap((run) => run.get(stage) ?? []).toSorted((a, b) => a - b);
    return { stage, median: median(times), least: times.at(0) ?? NaN, most: times.at(-1) ?? NaN, runs: times.length };
  });
  const place = ({ stage, median: time }: Row): number => (stage.startsWith('(') ? Infinity : time);
  return rows.toSorted((a, b) => place(a) - place(b));
}

/** Of ascending numbers. */
function median(times: readonly number[]): number {
  const [lower = NaN, upper = NaN] = [times[Math.ceil(times.length / 2) - 1], times[Math.floor(times.length / 2)]];
  return (lower + upper) / 2;
}

export function text(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ stage }) => stage.length), title.length);
  const seconds = (time: number): string => time.toFixed(2).padStart(8);
  return [
    `${title.padEnd(width)}  median s   least    most  runs`,
    ...rows.map(
      ({ stage, median: middle, least, most, runs }) =>
        `${stage.padEnd(width)}  ${seconds(middle)}${seconds(least)}${seconds(most)}${String(runs).padStart(6)}`,
    ),
  ].join('\n');
}
