import {
  announcerKilled,
  endpointKilled,
  judge,
  overlayBlocked,
  type Expectation,
  type Verdict,
} from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import { describe, expect, test } from 'vitest';
import { oneLine } from './clean.ts';
import { renderHtml } from './html.ts';
import { renderJunit } from './junit.ts';
import { picture } from './picture.ts';
import { renderSummary } from './summary.ts';
import { renderTerminal } from './terminal.ts';

const VRRP: Extract<Expectation, { check: 'outage' }> = {
  check: 'outage',
  probe: 'edge-http-new',
  atLeastMs: 2550,
  atMostMs: 3750,
};
const OVERLAY: Expectation = { check: 'reachability', lost: 'cross-node-of-target' };

const judged = (
  events: readonly Stamped[],
  expectations: readonly Expectation[],
): { events: readonly Stamped[]; verdict: Verdict } => ({
  events,
  verdict: judge(events, expectations),
});
const kill = judged(announcerKilled(1), [VRRP]);
const overlay = judged(overlayBlocked(3), [OVERLAY]);

/** Puts the text in every place where a cluster, a scenario or a user can put one. */
function hostile(text: string): { events: readonly Stamped[]; verdict: Verdict } {
  const events = JSON.parse(JSON.stringify(announcerKilled(1)), (key, value: unknown) => {
    const isOurs = [
      'type',
      'phase',
      'edge',
      'layer',
      'when',
      'substrate',
      'outcome',
      'operation',
      'kind',
      'wall',
      'verb',
      'level',
    ].includes(key);
    return typeof value === 'string' && !isOurs && !['ok', 'timeout', 'refused', 'reset', 'http-503'].includes(value)
      ? `${value}${text}`
      : value;
  }) as Stamped[];
  return judged(events, [{ ...VRRP, probe: `edge-http-new${text}` }]);
}

describe('report.html', () => {
  test('answers in its headline, and names the substrate first', () => {
    const html = renderHtml(kill);
    const body = html.slice(html.indexOf('<body>'));
    expect(body.indexOf('bare: the same network, no Kubernetes')).toBeLessThan(body.indexOf('<h1>'));
    expect(body).toContain(
      'userlist through 198.18.4.200 for 3.18\u00a0s\u00a0±\u00a00.02\u00a0s after node server-0 was killed',
    );
    expect(html).toMatch(/data-outage-ms="3\d{3}\.?\d*"/);
  });

  test('draws a lane for every probe, and the matrix where there is one', () => {
    const html = renderHtml(overlay);
    for (const lane of ['edge-icmp', 'edge-http-new', 'pod:agent-1:agent-0'])
      expect(html).toContain(`data-lane="${lane}"`);
    expect(html.match(/<td class="cut">/g)).toHaveLength(4);
  });

  test('stays small however many samples there were', () => {
    const probes = Array.from({ length: 6 }, (_, index) => ({
      name: `edge-tcp-${index}`,
      layer: 'tcp' as const,
      rateHz: 500,
      sees: [{ from: 0, to: 40, result: 'timeout' as const, share: 0.5 }],
    }));
    const big = judged(announcerKilled(1, 3, { before: 15, lasting: 60, probes }), []);
    expect(renderHtml(big).length).toBeLessThan(500_000);
    // What is judged by hand below must be the big one.
    expect(big.verdict.probes[0]?.windows.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThan(30_000);
  });

  test('has something to say of a run that measured nothing', () => {
    for (const events of [[], announcerKilled(1).slice(0, 4), announcerKilled(1).slice(0, 40)]) {
      expect(renderHtml(judged(events, [VRRP]))).toContain('inconclusive');
    }
  });

  test('shows the outage in both timelines when it is short, and in one when it is long', () => {
    const timelines = (html: string): number => html.match(/class="bracket" d=/g)?.length ?? 0;
    expect(timelines(renderHtml(kill))).toBe(2);
    expect(timelines(renderHtml(judged(endpointKilled(2), [])))).toBe(1);
  });

  test('shows the whole outage in its detail, also where the fault took long to inject', () => {
    const slow = judged(
      announcerKilled(1, 3, { fault: { kind: 'node-kill', nodes: ['server-0'], takesMs: 900, lasting: null } }),
      [VRRP],
    );
    const { detail, fault } = picture(slow.events, slow.verdict);
    expect(detail?.from).toBeLessThan(fault?.begin ?? -Infinity);
  });
});

describe('what a cluster says', () => {
  const attack = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&\u001b[31m\u0000`;

  test('is text in HTML, Markdown and XML', () => {
    const { events, verdict } = hostile(attack);
    for (const rendered of [renderHtml({ events, verdict, plan: { why: attack } }), renderJunit({ verdict })]) {
      expect(rendered).not.toMatch(/<script|<img/);
      // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
      expect(rendered).not.toMatch(/[\u0000-\u0008\u001b]/);
    }
    const outsideCode = renderSummary({ events, verdict }).replaceAll(/^(`{3,})[^]*?^\1$/gm, '');
    expect(outsideCode).not.toMatch(/<script|<img/);
  });

  test('cannot end a code block or a table of the summary', () => {
    const { events, verdict } = hostile('```\n# pwned | a | b |');
    const summary = renderSummary({ events, verdict });
    expect(summary).not.toMatch(/^# pwned/m);
    const tables = summary.split('\n\n').filter((block) => block.startsWith('|'));
    const widths = tables.map((block) => block.split('\n').map((line) => line.split(/(?<!\\)\|/).length));
    expect(tables.length).toBeGreaterThan(1);
    for (const [head, ...others] of widths) expect(others.filter((width) => width !== head)).toEqual([]);
  });

  test('is no escape sequence in a terminal', () => {
    const { events, verdict } = hostile('\u001b]0;pwned\u0007\u009b31m');
    // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
    expect(renderTerminal({ events, verdict }).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(oneLine('a\u001b[2J\nb')).toBe('a [2J b');
  });
});

describe('the terminal', () => {
  test.each([40, 80, 200])('is drawn in at most 25 lines, %i columns wide', (columns) => {
    for (const run of [kill, overlay, judged([], [VRRP])]) {
      const lines = renderTerminal({ ...run, columns }).split('\n');
      expect(lines.length).toBeLessThanOrEqual(25);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 160));
      expect(lines[0]).toMatch(/^(Clients|Pods|Nothing)/);
    }
  });

  test('is coloured only when told', () => {
    expect(renderTerminal(kill)).not.toContain('\u001b');
    expect(renderTerminal({ ...kill, colour: true })).toContain('\u001b[38;5;166m');
  });
});

describe('summary.md', () => {
  test('says how long nodes waited for a processor, where it was looked after', () => {
    const cpu = { type: 'cpu', node: 'server-0', ranMs: 3_000, waitedMs: 1_000, seq: 9_999, at: 0, wall: '' } as const;
    const sentence = 'processes of nodes waited for a processor: server-0 25 %';
    expect(renderSummary({ ...kill, events: [...kill.events, cpu] })).toContain(sentence);
    expect(renderSummary(kill)).not.toContain('waited for a processor');
  });

  test('has the verdict, a timeline and the command', () => {
    const summary = renderSummary(kill);
    expect(summary).toMatch(/^Substrate \*\*bare\*\*/);
    expect(summary).toContain('## ✅ pass: Clients could not reach userlist through 198.18.4.200 for 3.18 s ± 0.02 s');
    expect(summary).toMatch(/^edge-http-new +█+.*·{20,}.* 3\.18 s$/m);
    expect(summary).toContain('\nfaultline run synthetic --seed 1\n');
  });
});

describe('junit.xml', () => {
  test('tells a fail from a doubt', () => {
    const fail = renderJunit({ verdict: judge(announcerKilled(1, 5), [VRRP]) });
    expect(fail).toMatch(/failures="1" errors="0"/);
    const doubt = renderJunit({ verdict: judge(announcerKilled(1).slice(0, 60), [VRRP]) });
    expect(doubt).toMatch(/failures="0" errors="[1-9]/);
  });
});
