import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checks } from '../check/index.ts';
import { lint } from '../lint.ts';
import { releaseOf } from '../release.ts';
import { asJson } from './json.ts';
import { asJunit } from './junit.ts';
import type { Report } from './report.ts';
import { asSarif } from './sarif.ts';
import { asText } from './text.ts';

const UPGRADE = { from: releaseOf('v1.32.1+k3s1'), to: releaseOf('v1.33.3+k3s1') };
const BAD = `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: r
  namespace: web
spec:
  routes:
    - match: Host(\`a\`, \`b\`)
`;
const inputs = [
  { file: 'mine/bad <&>.yaml', text: BAD },
  { file: 'mine/good.yaml', text: 'apiVersion: v1\nkind: Service\n' },
  { file: 'mine/no.yaml', text: 'a: [' },
];
const report: Report = { linted: lint(inputs, UPGRADE), ...UPGRADE };

describe('text', () => {
  test('quotes the line, and points at what is meant', () => {
    const lines = asText(report, inputs).split('\n');
    const at = lines.findIndex((line) => line.includes('8 |     - match:'));
    expect(lines[at - 1]).toMatch(/^ {2}8:14 breaks: Traefik 3 takes one value in Host/);
    expect(lines[at]?.slice((lines[at + 1] ?? '').indexOf('^'))).toBe('Host(`a`, `b`)');
    expect(lines.at(-2)).toContain(
      'v1.32.1+k3s1 (Traefik 2.11.18) to v1.33.3+k3s1 (Traefik 3.3.6): 1 breaks; 2 objects read',
    );
    expect(lines.at(-1)).toBe('1 unreadable: what is in them was not judged');
  });

  test('lets no file steer the terminal', () => {
    const steering = [{ file: 'a', text: BAD.replace('`b`', '`\u001b[2J\u009b`') }];
    const text = asText({ linted: lint(steering, UPGRADE), ...UPGRADE }, steering);
    // oxlint-disable-next-line no-control-regex -- control characters are the subject.
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  test('cuts a line that is wider than a screen, around what is meant', () => {
    const spec = { routes: [{ match: 'Host(`a`,`b`)' }] };
    const long = { apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRoute', long: 'y'.repeat(5000), spec };
    const wide = [{ file: 'a', text: JSON.stringify(long) }];
    const lines = asText({ linted: lint(wide, UPGRADE), ...UPGRADE }, wide).split('\n');
    expect(lines.every((line) => line.length < 200)).toBe(true);
    const at = lines.findIndex((line) => line.includes('^'));
    expect(lines[at - 1]?.slice(lines[at]?.indexOf('^'))).toMatch(/^Host/);
  });
});

test('SARIF names each rule once, and each result by its place in it', () => {
  const { version, runs } = JSON.parse(asSarif(report));
  expect(version).toBe('2.1.0');
  const [{ tool, results, invocations }] = runs;
  expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(checks.map(({ id }) => id));
  const [result] = results;
  expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
  expect(result).toMatchObject({
    level: 'error',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'mine/bad%20%3C%26%3E.yaml' },
          region: { startLine: 8, startColumn: 14, endLine: 8, endColumn: 28 },
        },
      },
    ],
  });
  const [{ deletedRegion, insertedContent }] = result.fixes[0].artifactChanges[0].replacements;
  const end = deletedRegion.charOffset + deletedRegion.charLength;
  const mended = BAD.slice(0, deletedRegion.charOffset) + insertedContent.text + BAD.slice(end);
  expect(mended).toBe(BAD.replace('`a`, `b`)', '`a`) || Host(`b`)'));
  expect(invocations[0].executionSuccessful).toBe(false);
});

test('JUnit has a failure for each finding, an error for each file that cannot be read, a pass for each other', () => {
  const xml = asJunit(report, inputs);
  expect(xml).toContain('tests="3" failures="1" errors="1"');
  expect(xml).toContain('<testcase classname="mine/bad &lt;&amp;&gt;.yaml" name="rule-multiple-values 8:14">');
  expect(xml).toContain('<testcase classname="mine/good.yaml" name="lint"/>');
  expect(xml).toContain('<failure type="breaks"');
});

test('JSON has every key that its schema asks for, and none besides', () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../docs/lint/findings.schema.json'), 'utf8'),
  );
  const json = JSON.parse(asJson(report));
  const keysOf = (of: string, value: object) => expect(Object.keys(value).toSorted(), of).toEqual(required(of));
  const required = (of: string) => (of === '' ? schema : schema.$defs[of]).required.toSorted();
  keysOf('', json);
  keysOf('finding', json.findings[0]);
  keysOf('place', json.findings[0].place);
  keysOf('edit', json.findings[0].edits[0]);
  keysOf('unreadable', json.unreadable[0]);
  expect(json.version).toBe(schema.properties.version.const);
});
