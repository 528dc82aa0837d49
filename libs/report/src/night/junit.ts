/** junit.xml of a night: each row a test case. In doubt is an error, never a pass; a failure in quarantine says so, and is skipped. */
import type { NightReport, NightRow } from '@faultline/checker';
import { escaped } from '../clean.ts';

const ELEMENTS = { pass: undefined, fail: 'failure', inconclusive: 'error', skip: 'skipped' } as const;

export function renderNightJunit({ night, rows, commits, alarms }: NightReport): string {
  const cases = rows.map((row) => ({ row, element: elementOf(row) }));
  const count = (element: string): number => cases.filter((one) => one.element === element).length;
  const counts = `tests="${rows.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  const properties = [
    ...commits.map((commit) => ['commit', commit] as const),
    ...alarms.map((alarm) => ['alarm', alarm] as const),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="faultline">',
    `  <testsuite name="matrix ${escaped(night)}" ${counts}>`,
    '    <properties>',
    ...properties.map(([name, value]) => `      <property name="${name}" value="${escaped(value)}"/>`),
    '    </properties>',
    ...cases.flatMap(({ row, element }) => testCase(row, element)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const elementOf = ({ verdict, isQuarantined }: NightRow): (typeof ELEMENTS)[keyof typeof ELEMENTS] =>
  isQuarantined ? 'skipped' : ELEMENTS[verdict];

function testCase(row: NightRow, element: string | undefined): readonly string[] {
  const time = (row.durationMs / 1000).toFixed(3);
  const open = `    <testcase classname="${escaped(row.scenario)}" name="${escaped(row.row)}" time="${time}"`;
  if (element === undefined) return [`${open}/>`];
  const message = row.isQuarantined ? `in quarantine: ${row.verdict}: ${row.reason}` : row.reason;
  return [`${open}>`, `      <${element} message="${escaped(message)}"/>`, '    </testcase>'];
}
