/** A night as junit.xml: each row a test case. What could not be decided is an error, and no pass; a skip says why. */
import { htmlEscape } from 'escape-goat';
import type { Row } from './plan-night.ts';
import type { Result } from './result.ts';
import { isRequired, type Told } from './tell.ts';

export function nightJunit({ plan, results, required }: Told): string {
  const cases = plan.rows.map((row) => ({ row, ...judged(results.get(row.id), required) }));
  const count = (element: string): number => cases.filter((one) => one.element === element).length;
  const open =
    htmlEscape`  <testsuite name="matrix, seed ${plan.seed}" tests="${cases.length}" failures="${count('failure')}"` +
    htmlEscape` errors="${count('error')}" skipped="${count('skipped')}">`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="faultline">',
    open,
    ...cases.flatMap(({ row, element, reason }) => testCase(row, results.get(row.id), { element, reason })),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

interface Judged {
  readonly element: 'failure' | 'error' | 'skipped' | undefined;
  readonly reason: string;
}

function judged(result: Result | undefined, required: readonly string[]): Judged {
  if (!result) return { element: 'skipped', reason: 'planned, and not run' };
  const { verdict, reason } = result;
  if (isRequired(result, required)) return { element: 'failure', reason: `required, and skipped: ${reason}` };
  const elements = { pass: undefined, fail: 'failure', inconclusive: 'error', skip: 'skipped' } as const;
  return { element: elements[verdict], reason };
}

function testCase({ id, cell }: Row, result: Result | undefined, { element, reason }: Judged): readonly string[] {
  const seconds = ((result?.durationMs ?? 0) / 1000).toFixed(3);
  const open = htmlEscape`    <testcase classname="${cell.scenario}" name="${id}" time="${seconds}"`;
  if (!element) return [`${open}/>`];
  return [`${open}>`, htmlEscape`      <${element} message="${printable(reason)}"/>`, '    </testcase>'];
}

/** XML has no way to write most control characters, not even escaped. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are the subject.
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '�');
}
