/** junit.xml: each check a test case, for any CI. A check that fails is a failure; one that cannot be decided an error. */
import type { CheckResult, Verdict } from '@faultline/checker';
import { htmlEscape } from 'escape-goat';

export function renderJunit({ verdict }: { readonly verdict: Verdict }): string {
  const { checks, scenario, cell } = verdict;
  const suite = printable(`${scenario} [${Object.values(cell).join(', ')}]`);
  const count = (outcome: CheckResult['outcome']) => checks.filter((one) => one.outcome === outcome).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    htmlEscape`<testsuites name="faultline">`,
    htmlEscape`  <testsuite name="${suite}" tests="${checks.length}" failures="${count('fail')}" errors="${count('inconclusive')}">`,
    `    <properties>`,
    ...properties(verdict).map(
      ([name, value]) => htmlEscape`      <property name="${printable(name)}" value="${printable(value)}"/>`,
    ),
    `    </properties>`,
    ...checks.flatMap((check) => testCase(suite, check)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function properties({
  run,
  outcome,
  reason,
  seed,
  command,
  commit,
  versions,
}: Verdict): readonly (readonly [string, string])[] {
  const own = { run, outcome, reason, seed: String(seed), command, commit: commit ?? 'none' };
  return [...Object.entries(own), ...Object.entries(versions)];
}

function testCase(suite: string, { check, outcome, reason }: CheckResult): string[] {
  const open = htmlEscape`    <testcase classname="${suite}" name="${printable(check)}"`;
  if (outcome === 'pass') return [`${open}/>`];
  const element = outcome === 'fail' ? 'failure' : 'error';
  return [`${open}>`, htmlEscape`      <${element} message="${printable(reason)}"/>`, '    </testcase>'];
}

/** XML has no way to write most control characters, not even escaped. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are the subject.
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '�');
}
