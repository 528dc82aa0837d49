import { describe, expect, test } from 'vitest';
import { exampleNight, HOSTILE, quietNight } from './example-night.ts';
import { renderNightJunit } from './junit.ts';
import { renderNightHtml } from './night.ts';
import { renderNightSummary } from './summary.ts';
import { figureWords, nightHeadline, took } from './words.ts';

const html = (): string => renderNightHtml(exampleNight());
const text = (markup: string): string => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the page of a night', () => {
  test('says first what became of it', () => {
    expect(nightHeadline(exampleNight())).toBe(
      '1 of 5 rows passed, 2 failed, 1 in doubt, 1 not tested; 1 failover got slower.',
    );
    expect(html()).toContain('data-outcome="fail"');
  });

  test.each([
    ['a new failure', /New failure: kill-the-announcing-node: fail outage edge-http-new: timeout/],
    [
      'what got slower, and what else was new then',
      /21 % slower since 2026-11-24 .*aaa111, then bbb222; machine ci-1, then ci-2; by chance: 1 in 52,000/,
    ],
    ['what changed before', /Changed in an earlier night .*metallb-l2, 8 rows together/],
    ['what has recovered', /Recovered: .*failed when it ran last, on 2026-11-29/],
    ['a quarantine that is over', /Quarantine over: dddddddddddd \(ada\)/],
    ['what a host lacks', /lacks wireguard 1 no such module/],
    ['rows beyond the budget', /beyond the budget 1 .*fill-the-disk/],
    ['a shard that did not hand in', /shards that handed in nothing 1 .*2of2/],
    ['who put a failure aside', /ada until 2026-12-05: kube-vip#1786/],
    ['what cannot be read', /2026-11-02\.1of2\.ndjson:25 Unterminated string/],
  ])('names %s', (_, says) => expect(text(html())).toMatch(says));

  test('has a sign and a line for every row, and each sign leads to its line', () => {
    const page = html();
    const targets = [...page.matchAll(/href="#(row-\d+)"/g)].map(([, id]) => id);
    expect(new Set(targets)).toEqual(new Set(['row-0', 'row-1', 'row-2', 'row-3', 'row-4']));
    for (const id of targets) expect(page).toContain(`id="${id}"`);
  });

  test('says each verdict by a sign and in words, not by colour alone', () => {
    for (const says of ['✓ passed', '✗ failed', '? in doubt', '– not tested']) expect(text(html())).toContain(says);
  });

  test('says of every drawing what it shows', () => {
    const drawings = html().match(/<svg class="spark"[^>]*>/g) ?? [];
    expect(drawings.length).toBeGreaterThan(10);
    for (const drawing of drawings) expect(drawing).toMatch(/role="img" aria-label="[^"]+"/);
  });

  test('escapes what a cluster said, on the page, in the summary and in junit.xml', () => {
    for (const page of [html(), renderNightSummary(exampleNight()), renderNightJunit(exampleNight())]) {
      expect(page).not.toContain('<script');
      expect(page).not.toContain('\u001b');
    }
    expect(html()).toContain('&lt;script&gt;');
    expect(HOSTILE).toContain('<script');
  });

  test('leads to the pages of runs that are there, and to no other', () => {
    const page = renderNightHtml(exampleNight(), { links: new Map([['rows/pass', '../a/report.html']]) });
    expect(page.match(/href="[^#"]+"/g)).toEqual(['href="../a/report.html"']);
    const far = renderNightHtml(exampleNight(), { links: new Map([['rows/pass', 'https://example.org']]) });
    expect(far.match(/href="[^#"]+"/g)).toBeNull();
  });

  test('of a quiet night says that there is nothing', () => {
    const page = text(renderNightHtml(quietNight()));
    expect(page).toContain('Nothing: no new failure, none that went away, no time that changed.');
    expect(page).toContain('Nothing alarms, and nothing is in doubt.');
    expect(page).toContain('Every row of the plan was run.');
  });
});

describe('the summary of a night', () => {
  test('has what is new in front, and fits a job summary', () => {
    const summary = renderNightSummary(exampleNight());
    expect(summary).toMatch(/^## ❌ fail: 1 of 5 rows passed/);
    expect(summary.indexOf('### Look at')).toBeLessThan(summary.indexOf('### Failures'));
    expect(summary).toContain('lacks wireguard: 1 row');
  });

  test('of a quiet night is two lines', () => {
    expect(renderNightSummary(quietNight()).trim().split('\n')).toHaveLength(3);
  });
});

describe('junit.xml of a night', () => {
  const junit = renderNightJunit(exampleNight());

  test('counts a failure, a doubt as an error, and a failure in quarantine as skipped', () => {
    expect(junit).toContain('tests="6" failures="2" errors="1" skipped="2"');
    expect(junit.match(/<failure/g)).toHaveLength(2);
    expect(junit).toContain('in quarantine: fail:');
  });

  test('has a test case for what is no row: what got slower', () => {
    expect(junit).toMatch(
      /no time got slower, no quarantine is over">\s*<failure message="metallb-l2: failover got 21 % slower"/,
    );
    expect(renderNightJunit(quietNight())).toContain('failures="0"');
  });
});

test.each([
  [900, '1 s'],
  [61_000, '1 min 01 s'],
  [4_920_000, '1 h 22 min'],
])('%d ms are %s', (ms, words) => expect(took(ms)).toBe(words));

test('a first night is not held against itself', () => {
  const figure = { name: 'x', measuredMs: 5600, runs: 1, expected: null, past: [1], change: null };
  expect(figureWords(figure)).toBe('5.60 s');
  expect(figureWords({ ...figure, past: [1.1, 0.9] })).toBe('5.60 s, 0.90 of its median');
});

test('a figure that was not measured says so', () => {
  expect(figureWords({ name: 'x', measuredMs: null, runs: 0, expected: null, past: [], change: null })).toBe(
    'not measured',
  );
});
