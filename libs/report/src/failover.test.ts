import type { Stamped } from '@faultline/history';
import { describe, expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import { told } from './owner.ts';
import { picture } from './picture.ts';
import { refusedAmongTimeouts } from './refused.ts';
import { renderSummary } from './summary.ts';
import { splitBrain, synthetic, withoutEndpoints } from './synthetic-failover.ts';
import { renderTerminal } from './terminal.ts';

const failover = synthetic();
const split = splitBrain();
const clocks = withoutEndpoints(71, 40);

describe('a failover', () => {
  test('is told stage by stage, and a stage without a time names its reason', () => {
    const html = renderHtml(failover);
    for (const { stage } of failover.verdict.timeline) expect(html).toContain(`<td class="name">${stage}</td>`);
    const late = { ...failover.verdict.timeline[1], at: null, detail: 'no <lease> changed hands' } as const;
    const [first, , ...others] = failover.verdict.timeline;
    const timeline = [first, late, ...others] as typeof failover.verdict.timeline;
    const without = { ...failover.verdict, timeline };
    expect(renderHtml({ ...failover, verdict: without })).toContain(
      '<td class="missing">no &lt;lease&gt; changed hands</td>',
    );
    expect(renderSummary({ ...failover, verdict: without })).toContain('- detected: no &lt;lease&gt; changed hands');
    expect(renderTerminal({ ...failover, verdict: without })).toMatch(/detected – → new owner 5\.\d\d s/);
  });

  test('is drawn with who answers, the neighbour entry, and what became of the stream', () => {
    const html = renderHtml(failover);
    expect(html).toContain('data-lane="who answers"');
    expect(html).toContain('data-lane="neighbour entry"');
    expect(html).toMatch(/class="tick abandoned"/);
    expect(html).toContain('nobody 5.5');
    const { owners, neighbours } = picture(failover.events, failover.verdict);
    expect(owners.map((stretch) => stretch.owners)).toEqual([['agent-0'], [], ['agent-1']]);
    expect(neighbours.map((stretch) => stretch.owners)).toEqual([['agent-0'], ['agent-1']]);
    expect(neighbours[1]?.from).toBeCloseTo(5542, -1);
  });

  test('is held against what the load balancer promises, in the picture and in a sentence', () => {
    const html = renderHtml(failover);
    expect(html).toContain('data-lane="expected"');
    expect(html).toContain(
      'Measured 5.54 s ± 0.01 s, expected 4.99 s to 7.01 s, median 6.00 s: measured / expected = 0.92. Formula: suspicion',
    );
    const detail = picture(failover.events, failover.verdict).detail;
    expect(detail?.to).toBeGreaterThan(7010);
    const { envelope: _, ...rest } = failover.verdict;
    expect(renderHtml({ ...failover, verdict: { ...rest, envelope: null } })).not.toContain('data-lane="expected"');
  });
});

test('one of several runs leads back to them all, and a run of its own nowhere', () => {
  const repeat = { set: 'a', index: 3, of: 10 };
  const html = renderHtml({ ...failover, verdict: { ...failover.verdict, repeat } });
  expect(html).toContain('Run 3 of 10 on one cluster: <a href="../report.html">all of them</a>');
  expect(renderHtml(failover)).not.toContain('<a ');
});

describe('two owners', () => {
  test('are alarming in the picture, and proved by the packets', () => {
    const html = renderHtml(split);
    expect(html).toMatch(/fill="url\(#two-[a-z-]+\)"/);
    expect(html).toContain('two for 28.7 s');
    expect(html).toContain('02:42:c6:12:04:0b (agent-0), 02:42:c6:12:04:0c (agent-1)');
    expect(html).toContain('gratuitous request: 198.18.4.200 is at 02:42:c6:12:04:0c');
    expect(html.match(/machines answer who-has number/g)).toHaveLength(38);
  });

  test('are not claimed where there never were two', () => {
    const html = renderHtml(failover);
    expect(html).not.toContain('Two owners');
    expect(html).not.toContain('url(#two');
  });

  test('are named from the history, whatever it says', () => {
    const evil = JSON.parse(JSON.stringify(split.events).replaceAll('agent-1', '<img src=x>')) as Stamped[];
    expect(renderHtml({ ...split, events: evil })).not.toContain('<img');
  });
});

describe('who answers, in words', () => {
  const stretch = (from: number, to: number, ...owners: string[]) => ({ from, to, owners });

  test('begins at the fault', () => {
    expect(told([stretch(-9000, 40, 'a'), stretch(40, 5540), stretch(5540, 9000, 'b')])).toBe(
      'a until 0.04 s, nobody for 5.50 s, then b',
    );
    expect(told([stretch(-9000, 40, 'a')])).toBe('a all the time');
    expect(told([stretch(-9000, -190, 'a'), stretch(-190, 3000), stretch(3000, 9000, 'b')])).toBe(
      'a until -0.19 s, nobody for 3.19 s, then b',
    );
    expect(told([])).toBeUndefined();
  });

  test('is cut where an address flaps', () => {
    const flaps = Array.from({ length: 30 }, (_, index) => stretch(index * 10, index * 10 + 10, `n${index % 2}`));
    expect(told(flaps)).toContain('and 24 more changes, then n1');
  });
});

describe('refusals among timeouts', () => {
  test('are explained where they show, and nowhere else', () => {
    expect(refusedAmongTimeouts(clocks.verdict)).toMatch(
      /icmp_ratelimit.* edge-http-new \d+ refused among \d+ timeouts/,
    );
    for (const rendered of [renderHtml(clocks), renderSummary(clocks)])
      expect(rendered).toContain('limits ICMP errors');
    expect(refusedAmongTimeouts(failover.verdict)).toBeUndefined();
    expect(renderHtml(failover)).not.toContain('ratelimit');
  });
});
