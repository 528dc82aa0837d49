/** junit.xml of a night: each row a test case. In doubt is an error, never a pass; a failure in quarantine says so, and is skipped. */
import type { NightReport, NightRow } from '@faultline/checker';
import { escaped } from '../clean.ts';

const ELEMENTS = { pass: undefined, fail: 'failure', inconclusive: 'error', skip: 'skipped' } as const;

export function renderNightJunit(report: NightReport): string {
  const { night, rows, commits, alarms } = report;
  const beside = besideRows(report);
  const cases = rows.map((row) => ({ row, element: elementOf(row) }));
  const count = (element: string): number => cases.filter((one) => one.element === element).length;
  const failures = count('failure') + (beside === '' ? 0 : 1);
  const counts = `tests="${rows.length + 1}" failures="${failures}" errors="${count('error')}" skipped="${count('skipped')}"`;
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
    ...written(`    <testcase classname="night" name="no time got slower, no quarantine is over"`, 'failure', beside),
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
  return written(
    open,
    element,
    row.isQuarantined ? `in quarantine: ${row.verdict}: ${row.reason}` : row.reason || 'no reason',
  );
}

const written = (open: string, element: string, message: string): readonly string[] =>
  message === '' ? [`${open}/>`] : [`${open}>`, `      <${element} message="${escaped(message)}"/>`, '    </testcase>'];

/** What is no row's: the night as a whole fails by it. */
const besideRows = ({ alarms, failures }: NightReport): string =>
  alarms.filter((alarm) => !failures.some(({ fingerprint }) => alarm.endsWith(`(${fingerprint})`))).join('; ');
