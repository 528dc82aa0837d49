/** JUnit XML: each finding a failed test of its file; a file without any has passed. */
import type { Input } from '../documents.ts';
import type { Finding } from '../finding.ts';
import type { Report } from './report.ts';

export function asJunit({ linted, from, to }: Report, inputs: readonly Input[]): string {
  const { findings, unreadable } = linted;
  const cases = inputs.flatMap(({ file }) => {
    const bad = [
      ...unreadable.filter(({ place }) => place.file === file).map((one) => testCase(file, 'unreadable', one)),
      ...findings.filter(({ place }) => place.file === file).map((one) => testCase(file, one.rule, one)),
    ];
    return bad.length > 0 ? bad : [`    <testcase classname="${escaped(file)}" name="lint"/>`];
  });
  const name = escaped(`faultline lint ${from.k3s} to ${to.k3s}`);
  const counts = `tests="${cases.length}" failures="${findings.length}" errors="${unreadable.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="faultline">',
    `  <testsuite name="${name}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

type Bad = Pick<Finding, 'place' | 'message'> & Partial<Pick<Finding, 'severity' | 'advice'>>;

function testCase(file: string, rule: string, { place, message, severity, advice }: Bad): string {
  const element = severity === undefined ? 'error' : 'failure';
  const kind = severity === undefined ? '' : ` type="${severity}"`;
  return [
    `    <testcase classname="${escaped(file)}" name="${escaped(`${rule} ${place.line}:${place.column}`)}">`,
    `      <${element}${kind} message="${escaped(message)}">${escaped(advice ?? '')}</${element}>`,
    '    </testcase>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML has no way to write most control characters, not even escaped. */
const escaped = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- control characters are the subject.
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
