/** summary.md of a comparison, and whether two sets differ, in one line. */
import type { SetVerdict, Shift } from '@faultline/checker';
import { markdown } from './clean.ts';
import { comparison, COLUMNS, COMPARISON_NOTE, type Figure } from './comparison.ts';

export function renderComparisonSummary(sets: readonly SetVerdict[]): string {
  const { rows, footnotes } = comparison(sets);
  const head = [
    'load balancer',
    'who holds the address',
    'n',
    ...Object.values(COLUMNS),
    'outage [interval]',
    'least to most',
    'theory, s',
    'measured / theory',
    'lost',
    'two owners',
  ];
  const body = rows.map((row) => [
    markdown(row.label),
    markdown(row.mechanism),
    row.runs,
    ...row.stages.map(noted),
    `**${noted(row.outage)}** [${row.interval}] ${markdown(row.probe)}`,
    row.range,
    noted(row.theory),
    row.ratio,
    row.lost,
    row.split,
  ]);
  return [
    '## Who answers for the address, and how soon',
    '',
    COMPARISON_NOTE,
    '',
    `| ${head.join(' | ')} |`,
    `|---|---|${'---:|'.repeat(head.length - 2)}`,
    ...body.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...footnotes.map((text, index) => `${index + 1}. ${markdown(text)}`),
    '',
    ...rows.map(({ sentence }) => `- ${markdown(sentence)}`),
    '',
  ].join('\n');
}

const noted = ({ text, notes }: Figure): string => (notes.length > 0 ? `${text} <sup>${notes.join(' ')}</sup>` : text);

/**
 * `edge-tcp: b is 10.9 s faster (95 % interval 9.8 to 12.1 s)`; `edge-tcp: no difference shown: -0.1 s (-0.4 to 0.3 s)`.
 * @param b what the second set is called.
 */
export function renderShift({ probe, shift, low, high, differs }: Shift, b = 'b'): string {
  const digits = digitsOf(high - low);
  const figure = (ms: number): string => (ms / 1000).toFixed(digits).replace(/^-(0\.?0*)$/, '$1');
  if (!differs) return `${probe}: no difference shown: ${figure(shift)} s (${figure(low)} to ${figure(high)} s)`;
  const [least, most] = [Math.abs(low), Math.abs(high)].toSorted((one, other) => one - other) as [number, number];
  const word = shift < 0 ? 'faster' : 'slower';
  return `${probe}: ${b} is ${figure(Math.abs(shift))} s ${word} (95 % interval ${figure(least)} to ${figure(most)} s)`;
}

/** No more digits than the interval leaves certain. */
function digitsOf(width: number): number {
  return width >= 500 ? 1 : width >= 50 ? 2 : 3;
}
