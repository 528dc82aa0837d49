/** For people: by file, each finding with its line and what is wrong there; below, once for each rule, what to do. */
import type { Input } from '../documents.ts';
import type { Unreadable } from '../unreadable.ts';
import { SEVERITIES, type Finding, type Place } from '../finding.ts';
import type { Report } from './report.ts';

/** Lines longer than this are cut: values of one line are, and a screen is not. */
const WIDEST = 110;

export function asText({ linted, from, to }: Report, inputs: readonly Input[]): string {
  const lines = new Map(inputs.map(({ file, text }) => [file, text.split('\n')]));
  const quote = (place: Place): readonly string[] => quoted(place, lines.get(place.file) ?? []);
  const files = [...new Set([...linted.unreadable, ...linted.findings].map(({ place }) => place.file))].toSorted();
  const said = files.flatMap((file) => [
    file,
    ...linted.unreadable.filter(({ place }) => place.file === file).flatMap((one) => unreadable(one, quote)),
    ...linted.findings.filter(({ place }) => place.file === file).flatMap((one) => finding(one, quote)),
    '',
  ]);
  const upgrade = `${from.k3s} (Traefik ${from.traefik}) to ${to.k3s} (Traefik ${to.traefik})`;
  return [...said, ...advice(linted.findings), ...summary({ linted, from, to }, upgrade)].join('\n');
}

type Quote = (place: Place) => readonly string[];

const unreadable = ({ place, message }: Unreadable, quote: Quote): readonly string[] => [
  `  ${place.line}:${place.column} unreadable: ${message}`,
  ...quote(place),
];

function finding({ place, severity, rule, object, message }: Finding, quote: Quote): readonly string[] {
  const name = [object.namespace, object.name].filter((part) => part !== '').join('/');
  return [
    `  ${place.line}:${place.column} ${severity}: ${message}`,
    ...quote(place),
    `      ${object.kind} ${name}  [${rule}]`,
  ];
}

/** The line, and carets under what is meant. */
function quoted({ line, column, endLine, endColumn }: Place, lines: readonly string[]): readonly string[] {
  const whole = lines[line - 1]?.trimEnd();
  if (whole === undefined || whole === '') return [];
  const cut = Math.max(0, column - 1 - WIDEST / 2);
  const shown = whole.length > WIDEST ? whole.slice(cut, cut + WIDEST) : whole;
  const start = whole.length > WIDEST ? column - 1 - cut : column - 1;
  const end = endLine === line ? endColumn - column : whole.length;
  const carets = '^'.repeat(Math.max(1, Math.min(end, shown.length - start)));
  const number = String(line);
  return [
    `      ${number} | ${printable(shown)}`,
    `      ${' '.repeat(number.length)} | ${printable(shown.slice(0, start)).replaceAll(/[^\t]/g, ' ')}${carets}`,
  ];
}

/** What stands in a file must not steer a terminal. */
// oxlint-disable-next-line no-control-regex -- control characters are the subject.
const printable = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

function advice(findings: readonly Finding[]): readonly string[] {
  const rules = new Map(findings.map((one) => [`${one.rule} ${one.advice}`, one]));
  if (rules.size === 0) return [];
  const said = [...rules.values()].map(({ rule, advice: todo, edits }) => {
    const by = edits.length > 0 ? ' (--fix writes it)' : '';
    return `  ${rule}: ${todo}${by}`;
  });
  return ['What to do (docs/lint/<rule>.md has more):', ...said, ''];
}

function summary({ linted }: Report, upgrade: string): readonly string[] {
  const { findings, unreadable: some, objects } = linted;
  const counts = SEVERITIES.map((severity) => [findings.filter((one) => one.severity === severity).length, severity]);
  const found = counts.filter(([count]) => count !== 0).map(([count, severity]) => `${count} ${severity}`);
  const read = `${objects.read} objects read, ${objects.known} of a kind that lint knows`;
  return [
    `${upgrade}: ${found.length === 0 ? 'nothing found' : found.join(', ')}; ${read}`,
    ...(some.length > 0 ? [`${some.length} unreadable: what is in them was not judged`] : []),
  ];
}
