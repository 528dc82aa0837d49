import type { Envelope, SetVerdict } from '@faultline/checker';
import { describe, expect, test } from 'vitest';
import { renderClocksHtml } from './clocks.ts';
import { renderComparisonHtml } from './comparison-html.ts';
import { renderComparisonSummary, renderShift } from './comparison-summary.ts';
import { link } from './page.ts';
import { renderSetHtml } from './set-html.ts';
import { renderSetSummary } from './set-summary.ts';
import { splitBrain, synthetic, syntheticSet, withoutEndpoints } from './synthetic-failover.ts';

const METALLB: Envelope = { probe: 'edge-tcp', atLeastMs: 5000, medianMs: 6000, atMostMs: 7000, formula: 'a + b' };
const cellOf = (loadBalancer: string) => ({ substrate: 'k3s', backend: 'vxlan', loadBalancer });
const metallb = syntheticSet('metallb-l2', [5.2, 5.5, 5.9, 6.1, 6.4, 6.8], METALLB, cellOf('metallb-l2'));
const some = syntheticSet('kube-vip-arp 5/3/1', [4.5, null, 7.5], METALLB, cellOf('kube-vip-arp'));
const servicelb = syntheticSet('servicelb', [null, null, null], null, cellOf('servicelb'));
const sets = [metallb, some, servicelb];

/** Puts the text in every place where a cluster, a scenario or a user can put one. */
function hostile(set: SetVerdict, text: string): SetVerdict {
  const ours = ['probe', 'layer', 'stage', 'outcome'];
  return JSON.parse(JSON.stringify(set), (key, value: unknown) =>
    typeof value === 'string' && !ours.includes(key) ? `${value}${text}` : value,
  ) as SetVerdict;
}

describe('the page of a set', () => {
  test('shows every run as a dot and links to its report', () => {
    const html = renderSetHtml(metallb);
    const lane = /<g data-strip="edge-tcp">.*?<\/g><\/g>|<g data-strip="edge-tcp">.*?(?=<g data-strip)/.exec(html)?.[0];
    expect(lane?.match(/class="dot"/g)).toHaveLength(6);
    expect(html).toContain('<a href="repeat-003/report.html">repeat-003</a>');
    expect(html).toContain('class="expected"');
    expect(html).toMatch(/data-median-ms="6\d{3}/);
  });

  test('counts what never ended and does not average it', () => {
    for (const rendered of [renderSetHtml(some), renderSetSummary(some)])
      expect(rendered).toContain('not until healed: 1 of 3');
    expect(renderSetSummary(some)).toContain('was out for a median of 6.0');
    expect(renderSetSummary(servicelb)).toContain('not until healed: 3 of 3');
  });

  test('says of each stage in how many runs it is missing, and why', () => {
    expect(renderSetHtml(some)).toContain('1 ×: nobody else answered who-has while it was watched');
  });
});

describe('a comparison', () => {
  const summary = renderComparisonSummary(sets);
  const html = renderComparisonHtml(sets, { links: ['../a/report.html', '../b/report.html', '../c/report.html'] });

  test('has one row for each set, with its mechanism, theory and ratio', () => {
    const row = summary.split('\n').find((line) => line.startsWith('| metallb-l2'));
    expect(row).toContain('one speaker, chosen by memberlist');
    expect(row).toMatch(/5\.0 – 6\.0 – 7\.0 <sup>\d<\/sup> \| 1\.00 \|/);
    expect(row).toContain('0 of 6 |');
    expect(html).toContain('<a href="../a/report.html">metallb-l2</a>');
  });

  test('says never as a sentence, judged on the same probe as the others', () => {
    const row = summary.split('\n').find((line) => line.startsWith('| servicelb'));
    expect(row).toContain('not until healed: 3 of 3');
    expect(row).toContain('edge-tcp');
  });

  test('explains every dash in a footnote, and every footnote has its mark', () => {
    const notes = [...summary.matchAll(/^(\d+)\. /gm)].map(([, number]) => number);
    const marks = [...summary.matchAll(/<sup>([\d ]+)<\/sup>/g)].flatMap(([, numbers]) => numbers?.split(' ') ?? []);
    expect(new Set(marks)).toEqual(new Set(notes));
    expect(notes.length).toBeGreaterThan(3);
    const stages = summary.split('\n').filter((line) => /^\| (kube|serv)/.test(line));
    expect(stages.join('')).not.toMatch(/\| – \| – \| –/);
  });

  test('draws all sets on one axis', () => {
    expect(html.match(/data-strip=/g)).toHaveLength(3);
    expect(html.match(/class="dot"/g)).toHaveLength(8);
  });

  test('counts split brains aloud', () => {
    const two = { ...metallb, splitBrain: 2 };
    expect(renderComparisonHtml([two])).toContain('<td class="fail n">2 of 6</td>');
  });
});

describe('whether two sets differ', () => {
  const shift = { probe: 'edge-tcp', shift: -10_900, low: -12_100, high: -9800, differs: true };

  test.each([
    [shift, 'edge-tcp: b is 10.9 s faster (95 % interval 9.8 to 12.1 s)'],
    [{ ...shift, shift: 80, low: 61, high: 97 }, 'edge-tcp: b is 0.080 s slower (95 % interval 0.061 to 0.097 s)'],
    [
      { ...shift, shift: -100, low: -400, high: 300, differs: false },
      'edge-tcp: no difference shown: -0.1 s (-0.4 to 0.3 s)',
    ],
    [
      { ...shift, shift: -9, low: -400, high: 300, differs: false },
      'edge-tcp: no difference shown: 0.0 s (-0.4 to 0.3 s)',
    ],
  ])('is one sentence: %#', (given, expected) => {
    expect(renderShift(given)).toBe(expected);
  });

  test('can name the second set', () => {
    expect(renderShift(shift, 'keepalived')).toContain('keepalived is 10.9 s faster');
  });
});

describe('the two clocks', () => {
  test('tell an address that is answered for from a service that is not', () => {
    const html = renderClocksHtml([
      { label: 'default', verdict: withoutEndpoints(71, 40).verdict },
      { label: 'DaemonSet', verdict: synthetic().verdict },
    ]);
    const figures = [...html.matchAll(/font-weight="600">([^<]+)</g)].map(([, text]) => text);
    expect(figures[0]).toBe('answered all the time');
    expect(figures[1]).toMatch(/^out for 71\.0 s/);
    expect(figures[2]).toMatch(/^nobody for 5\.5\d s/);
    expect(figures[3]).toMatch(/^out for 5\.5\d s/);
    expect(html).toMatch(/icmp_ratelimit.*default: edge-http-new \d+ refused among \d+ timeouts\./);
    expect(html).not.toContain('DaemonSet: edge-http-new');
  });

  test('do not call an address silent that two machines answer for', () => {
    const html = renderClocksHtml([{ label: 'frozen', verdict: splitBrain().verdict }]);
    expect(html).toContain('answered all the time');
  });
});

describe('what a cluster says in a set', () => {
  const attack = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&\u001b[31m\u0000`;

  test('is text on every page', () => {
    const evil = sets.map((set) => hostile(set, attack));
    const pages = [
      renderSetHtml(evil[1] as SetVerdict),
      renderComparisonHtml(evil, { links: [attack, attack, attack] }),
    ];
    for (const rendered of [...pages, renderClocksHtml([{ label: attack, verdict: synthetic().verdict }])]) {
      expect(rendered).not.toMatch(/<script|<img/);
      // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
      expect(rendered).not.toMatch(/[\u0000-\u0008\u001b]/);
    }
    const outside =
      renderComparisonSummary(evil) + renderSetSummary(evil[1] as SetVerdict).replaceAll(/^(`{3,})[^]*?^\1$/gm, '');
    expect(outside).not.toMatch(/<script|<img/);
  });

  test.each(['javascript:alert(1)', 'https://example.test/', '//example.test/', '/etc/passwd', 'a?b', '\\\\host'])(
    'is no link when it is %s',
    (to) => {
      expect(link(to, 'x').markup).toBe('<span>x</span>');
    },
  );
});
