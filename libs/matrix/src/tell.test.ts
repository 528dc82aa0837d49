/** What people and CI read of a night: outcome, summary, test report. */
import { expect, test } from 'vitest';
import { exampleNight, exampleResult } from './example-night.ts';
import { nightJunit } from './junit.ts';
import type { NightPlan, Row } from './plan-night.ts';
import type { Result } from './result.ts';
import { nightSummary } from './summary.ts';
import { coveredShare, isRequired, notRun, outcomeOfNight, skipsByCapability, type Told } from './tell.ts';

const plan: NightPlan = exampleNight();
const skip = {
  verdict: 'skip',
  skip: { because: 'capability', capability: 'netem' },
  reason: 'the kernel has none',
} as const;
const noTime = { verdict: 'skip', skip: { because: 'budget' }, reason: 'no time' } as const;

/** The first rows as told, the others passed. */
function told(changes: readonly Partial<Result>[], change: Partial<Told> = {}): Told {
  const results = plan.rows.map((row, index) => [row.id, exampleResult(row, changes[index])] as const);
  return { plan, results: new Map(results), required: [], ...change };
}

test.each([
  ['all passed', [], 'pass'],
  ['one failed', [{ verdict: 'fail' }, { verdict: 'inconclusive' }], 'fail'],
  ['one is in doubt', [{ verdict: 'inconclusive' }], 'inconclusive'],
  ['one was skipped', [skip], 'pass'],
  ['one had no time', [noTime], 'pass'],
  ['all were skipped', plan.rows.map(() => skip), 'skipped'],
] as const)('a night in which %s', (_, changes, outcome) => {
  expect(outcomeOfNight(told(changes))).toBe(outcome);
});

test('a night of which nothing is known is no pass', () => {
  expect(outcomeOfNight(told([], { results: new Map() }))).toBe('inconclusive');
});

test('what was required and skipped is a failure; what had no time is none', () => {
  expect(outcomeOfNight(told([skip], { required: ['netem'] }))).toBe('fail');
  expect(outcomeOfNight(told([skip], { required: ['wireguard'] }))).toBe('pass');
  expect(isRequired(exampleResult(plan.rows[0] as Row, noTime), ['netem'])).toBe(false);
});

test('skips are counted by what was lacking', () => {
  const { results } = told([skip, skip, { ...skip, skip: { because: 'capability', capability: 'wireguard' } }, noTime]);
  expect(skipsByCapability(results)).toEqual([
    { capability: 'netem', reason: 'the kernel has none', count: 2 },
    { capability: 'wireguard', reason: 'the kernel has none', count: 1 },
  ]);
});

test('what was not run is named, and brings nothing', () => {
  const known = told([noTime, skip]);
  const without = new Map([...known.results].slice(0, -1));
  const last = plan.rows.at(-1)?.id;
  expect(notRun({ ...known, results: without }).map(({ id }) => id)).toEqual([plan.rows[0]?.id, last]);
  expect(coveredShare(told([]))).toBe(1);
  expect(coveredShare(told(plan.rows.map(() => noTime)))).toBe(0);
  expect(coveredShare(known)).toBeLessThan(1);
});

test('the summary names what failed, what was lacking, what was not run, and what no cell has', () => {
  const summary = nightSummary(told([{ verdict: 'fail', reason: 'edge-http-new was out for 40 s' }, skip, noTime]));
  const [failed, , late] = plan.rows;
  expect(summary).toContain('## Night: fail');
  expect(summary).toContain(`| ${failed?.id} | fail | edge-http-new was out for 40 s |`);
  expect(summary).toContain('| netem | 1 | the kernel has none |');
  expect(summary).toContain(`- ${late?.id}`);
  expect(summary).toContain('| ipFamily dual |');
  expect(summary).toMatch(/5 passed, 1 failed, 0 inconclusive, 1 skipped, 1 not run, of 8 rows/);
});

test('what a cluster says breaks out of neither table nor report', () => {
  const reason = 'a | <script>alert("1")</script>\n\u0007 & `x`';
  const known = told([{ verdict: 'fail', reason }]);
  expect(nightSummary(known)).not.toContain('<script>');
  expect(
    nightSummary(known)
      .split('\n')
      .filter((line) => line.includes('script')),
  ).toHaveLength(1);
  const junit = nightJunit(known);
  expect(junit).not.toContain('<script>');
  expect(junit).not.toContain('\u0007');
  expect(junit).toContain('&lt;script&gt;');
});

test('each row is a test case: failures, doubts and skips are no passes', () => {
  const known = told([{ verdict: 'fail' }, { verdict: 'inconclusive' }, skip, noTime], { required: [] });
  const junit = nightJunit(known);
  expect(junit).toContain('tests="8" failures="1" errors="1" skipped="2"');
  expect(junit.match(/<testcase /g)).toHaveLength(8);
  expect(junit).toContain(`name="${plan.rows[7]?.id}" time="50.000"/>`);
  expect(nightJunit({ ...known, required: ['netem'] })).toContain('failures="2" errors="1" skipped="1"');
  expect(nightJunit({ ...known, results: new Map() })).toContain('skipped="8"');
});
