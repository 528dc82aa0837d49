import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { departures, judgeRows, scoreOf } from './agreement.ts';
import { readRows, type Row } from './row.ts';
import type { ChartSeen, ReleaseSeen, RowSeen } from './seen.ts';
import { summaryOf } from './summary.ts';

const CORPUS = join(import.meta.dirname, '../../../traefik/corpus');
const rows = await readRows(CORPUS);
const OLD = 'v1.32.1+k3s1';
const NEW = 'v1.33.3+k3s1';

const only = (name: string): readonly Row[] => rows.filter((row) => row.name === name);

const release = (k3s: string, seen: Readonly<Record<string, RowSeen>>): ReleaseSeen => ({
  k3s,
  traefik: k3s === OLD ? '2.11.18' : '3.3.6',
  at: '2026-11-21T00:00:00Z',
  rows: seen,
  scenarios: {},
});

function judged(name: string, before: RowSeen, after: RowSeen) {
  const [one] = judgeRows(only(name), [release(OLD, { [name]: before }), release(NEW, { [name]: after })]);
  return one;
}

const saw = (...answers: readonly string[]): RowSeen => ({ applied: 'applied', saw: answers });

const chart = (outcome: ChartSeen['outcome'], given: readonly string[] = []): ChartSeen => ({
  outcome,
  job: outcome === 'upgraded' ? 'complete' : 'failing',
  serves: '2.11.18',
  says: '',
  arguments: given,
});

describe('a prediction is held against what was seen', () => {
  const HOSTS = 'G03-host-of-several-values';
  const PLAIN = 'G02-host-and-prefix';
  test.each([
    [HOSTS, saw('200', '200'), saw('404', '404'), 'true alarm'],
    [HOSTS, saw('200', '200'), saw('200', '200'), 'false alarm'],
    [PLAIN, saw('200', '404'), saw('200', '404'), 'true silence'],
    [PLAIN, saw('200', '404'), saw('404', '404'), 'missed'],
    [PLAIN, saw('404', '404'), saw('200', '404'), 'true silence'],
    ['G21-empty-service', saw('404'), saw('503'), 'missed'],
    ['G18-prefer-server-cipher-suites', saw(), saw(), 'nothing to see'],
  ])('%s', (name, before, after, verdict) => {
    expect(judged(name, before, after)?.verdict).toBe(verdict);
  });

  test('values that hold the upgrade back are a loss, though every request is answered as before', () => {
    const before = { ...saw('301'), chart: chart('upgraded') };
    const after = { ...saw('301'), chart: chart('stuck') };
    expect(judged('G22-redirect-to', before, after)?.verdict).toBe('true alarm');
    expect(judged('A09-traffic-policy', before, after)?.verdict).toBe('missed');
  });

  test('what an older cluster kept of a row is what is there after the upgrade', () => {
    const after = { ...saw('200', '200'), stored: saw('404', '404') };
    expect(judged('G10-syntax-v2', saw('200', '200'), after)).toMatchObject({
      verdict: 'true alarm',
      after: '404, 404',
    });
    const kept = { ...saw('200', '200'), stored: saw('200', '200') };
    expect(judged('G10-syntax-v2', saw('200', '200'), kept)?.verdict).toBe('false alarm');
    const told = departures(rows, [release(NEW, { 'G10-syntax-v2': kept })]).map(({ what }) => what);
    expect(told).toContain(`http://a.g10.test/users on ${NEW}, as Traefik 2 kept it`);
  });

  test('an argument that is not there any more is a loss', () => {
    const before = { ...saw(), chart: chart('upgraded', ['--tracing.datadog=true']) };
    const after = { ...saw(), chart: chart('upgraded', ['--ping=true']) };
    expect(judged('G24-values-tracing', before, after)?.verdict).toBe('true alarm');
  });
});

describe('a fix', () => {
  test('passes where the answers are those of before the upgrade', () => {
    const fixed = (answer: string) => ({ ...saw('404'), fixed: { by: '--fix' as const, ...saw(answer) } });
    const came = (answer: string) => judged('G09-host-header', saw('200'), fixed(answer))?.fix?.came;
    expect([came('200'), came('404')]).toEqual(['passes', 'fails']);
  });

  test('that the API refuses, or that leaves the upgrade stuck, does not', () => {
    const refused = { ...saw('404'), fixed: { by: '--fix' as const, ...saw('200'), applied: 'refused: no' } };
    expect(judged('G09-host-header', saw('200'), refused)?.fix?.came).toBe('nothing to see');
    const stuck = { ...saw('301'), chart: chart('stuck') };
    const before = { ...saw('301'), chart: chart('upgraded') };
    const after = { ...stuck, fixed: { by: '--fix' as const, ...stuck } };
    expect(judged('G22-redirect-to', before, after)?.fix?.came).toBe('fails');
  });
});

test('what a row expects and what was seen are compared answer by answer', () => {
  const seen = [release(NEW, { 'G01-plain-ingress': saw('200', '503') })];
  expect(departures(rows, seen)).toEqual([
    { row: 'G01-plain-ingress', what: `http://g01.test/other on ${NEW}`, expected: '404', saw: '503' },
  ]);
});

test('precision and recall count alarms and losses, and nothing where there were none', () => {
  const verdicts = ['true alarm', 'true alarm', 'false alarm', 'missed', 'true silence'] as const;
  expect(scoreOf(verdicts.map((verdict) => ({ verdict })))).toMatchObject({ precision: 2 / 3, recall: 2 / 3 });
  expect(scoreOf([{ verdict: 'true silence' }])).toMatchObject({ precision: null, recall: null });
});

test('the page names what was missed, and what departs from its row', () => {
  const releases = [
    release(OLD, { 'G21-empty-service': saw('404') }),
    release(NEW, { 'G21-empty-service': saw('502') }),
  ];
  const page = summaryOf({ rows, releases, rules: undefined });
  expect(page).toContain('| G21-empty-service | v1.32.1 to v1.33.3 | - | 404 | 502 | **missed** |');
  expect(page).toContain(`| G21-empty-service | http://g21.test/users on ${NEW} | 503 | 502 |`);
});

test('values that were installed where nothing was before are no upgrade, and the page says so', () => {
  const seen = { ...saw('301'), chart: chart('upgraded', ['--ping=true']) };
  const page = (after: RowSeen) => {
    const releases = [release(OLD, { 'G22-redirect-to': seen }), release(NEW, { 'G22-redirect-to': after })];
    return summaryOf({ rows, releases, rules: undefined });
  };
  expect(page(seen)).toContain('Not so on v1.33.3');
  expect(page({ ...seen, older: [] })).not.toContain('Not so on');
});
