/** What a night is called, in words. */
import type { Cell } from '@faultline/history';
import { seconds, type NightFigure, type NightReport, type NightRow, type RowVerdict } from '@faultline/checker';

/** What a verdict is called, and the sign that says it without its colour. */
export const VERDICTS: Readonly<Record<RowVerdict, { readonly label: string; readonly sign: string }>> = {
  pass: { label: 'passed', sign: '✓' },
  fail: { label: 'failed', sign: '✗' },
  inconclusive: { label: 'in doubt', sign: '?' },
  skip: { label: 'not tested', sign: '–' },
};

/** `3 of 43 rows failed, 1 in doubt, 5 not tested; edge-http-new got 18 % slower.` */
export function nightHeadline(night: NightReport): string {
  const { counts, rows } = night;
  if (rows.length === 0) return 'Nothing was handed in.';
  const told = (['fail', 'inconclusive', 'skip'] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${VERDICTS[verdict].label}`);
  const passed = `${counts.pass} of ${counted(rows.length, 'row')} passed`;
  const slower = newChanges(night).filter(({ figure }) => (figure.change?.factor ?? 1) > 1).length;
  const change = slower > 0 ? `; ${counted(slower, 'failover')} got slower` : '';
  return `${[passed, ...told].join(', ')}${change}.`;
}

export interface ChangedFigure {
  /** The row, or the mechanism. */
  readonly of: string;
  readonly figure: NightFigure;
}

/** Of rows and of mechanisms, what changed within the nights shown. */
export function changes({ rows, mechanisms }: NightReport): readonly ChangedFigure[] {
  const ofRows = rows.flatMap(({ row, figures }) => figures.map((figure) => ({ of: row, figure })));
  const ofMechanisms = mechanisms.map(({ loadBalancer, rows: count, figure }) => ({
    of: `${loadBalancer}, ${count} rows together`,
    figure,
  }));
  return [...ofMechanisms, ...ofRows].filter(({ figure }) => figure.change !== null);
}

export const newChanges = (night: NightReport): readonly ChangedFigure[] =>
  changes(night).filter(({ figure }) => figure.change?.isNew);

/** `18 % slower`, `7 % faster`. */
export function factorWords(factor: number): string {
  return factor >= 1 ? `${Math.round((factor - 1) * 100)} % slower` : `${Math.round((1 - factor) * 100)} % faster`;
}

/** `58 s`, `4 min 05 s`, `1 h 22 min`. */
export function took(ms: number): string {
  const whole = Math.round(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${two(rest)} s` : `${rest} s`;
}

/** `5.69 s, 1.02 of expected`. */
export function figureWords({ measuredMs, expected, past }: NightFigure): string {
  if (measuredMs === null) return 'not measured';
  const ratio = past.at(-1);
  // One night alone is its own median.
  const isAlone = !expected && past.filter((one) => one !== null).length < 2;
  if (ratio === null || ratio === undefined || isAlone) return seconds(measuredMs);
  return `${seconds(measuredMs)}, ${ratio.toFixed(2)} of ${expected ? 'expected' : 'its median'}`;
}

/** What tells a row from the others, by the factors that have more than one value tonight. */
export function cellWords(cell: Cell, rows: readonly NightRow[]): string {
  const told = Object.entries(cell).filter(
    ([factor, value]) => factor !== 'scenario' && rows.some((other) => other.cell[factor] !== value),
  );
  return told.flatMap(([, value]) => (value === 'none' ? [] : [value])).join(' · ');
}

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
