/** Generated rules: 300, or as many as `FAULTLINE_RULES` says; `FAULTLINE_RULES=10000 npm run unit -- libs/traefik`. */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { compileHttp, compileTcp } from './compile.ts';
import { judge } from './judge.ts';
import { drawRule } from './draw.ts';
import { requestsFor } from './draw-request.ts';
import { rewrite } from './rewrite.ts';
import type { HttpRequest } from './request.ts';

const COUNT = Number(process.env['FAULTLINE_RULES'] ?? 300);
const REQUESTS = 20;

// Ten thousand rules take minutes, on a machine that may be busy.
vi.setConfig({ testTimeout: 15 * 60_000 });

const sendsTwice = ({ query = [] }: HttpRequest) => new Set(query.map(([key]) => key)).size < query.length;

test(`what ${COUNT} generated v2 rules accept, their rewrites accept on v3, and nothing else`, () => {
  const texts = new Set<string>();
  const seen = { rules: 0, distinct: 0, changed: 0, exact: 0, requests: 0, accepted: 0, leftOut: 0 };
  fc.assert(
    fc.property(fc.noBias(fc.nat()), (seed) => {
      const rule = drawRule(seed);
      const rewritten = rewrite(rule.text);
      const before = compileHttp(rule.text, 'v2');
      const after = compileHttp(rewritten.text, 'v3');
      seen.rules += 1;
      seen.distinct = texts.add(rule.text).size;
      seen.changed += Number(rewritten.changed);
      seen.exact += Number(rewritten.exact);
      const others = rewritten.notes.filter(({ isExact, kind }) => !isExact && kind !== 'repeated-parameter');
      expect(others).toEqual([]);
      for (const request of requestsFor(rule, seed, REQUESTS)) {
        const isLeftOut = !rewritten.exact && sendsTwice(request);
        seen.leftOut += Number(isLeftOut);
        if (isLeftOut) continue;
        seen.requests += 1;
        seen.accepted += Number(before(request));
        expect({ request, accepts: after(request) }).toEqual({ request, accepts: before(request) });
      }
      expect(judge(rewritten.text, 'v3').verdict).not.toBe('invalid');
    }),
    { numRuns: COUNT, seed: 1 },
  );
  console.log(JSON.stringify(seen));
  expect(seen.accepted / seen.requests).toBeGreaterThan(0.3);
  expect(seen.accepted / seen.requests).toBeLessThan(0.7);
});

test('a rule that needs no change stays byte by byte', () => {
  fc.assert(
    fc.property(fc.noBias(fc.nat()), (seed) => {
      const { text } = drawRule(seed);
      const { changed, text: after, edits } = rewrite(text);
      expect({ changed, count: edits.length > 0 }).toEqual({ changed: after !== text, count: after !== text });
    }),
    { numRuns: COUNT, seed: 2 },
  );
});

test('a rewrite that forgets an anchor, or a value, is found out', () => {
  const differs = (spoil: (text: string) => string) =>
    Array.from({ length: 300 }, (_, seed) => seed).some((seed) => {
      const rule = drawRule(seed);
      const spoilt = spoil(rewrite(rule.text).text);
      const before = compileHttp(rule.text, 'v2');
      const after = judge(spoilt, 'v3').verdict === 'invalid' ? () => false : compileHttp(spoilt, 'v3');
      return requestsFor(rule, seed, REQUESTS).some(
        (request) => !sendsTwice(request) && before(request) !== after(request),
      );
    });
  expect(differs((text) => text)).toBe(false);
  expect(differs((text) => text.replaceAll('$`)', '`)'))).toBe(true);
  expect(differs((text) => text.replace(/ \|\| Host\([^)]*\)/, ''))).toBe(true);
});

const TCP_CALLS = [
  'HostSNI(`*`)',
  'HostSNI(`A.x`, `b.x`)',
  'HostSNI(`a.x.`)',
  'HostSNI(`b.x`, `*`)',
  'HostSNI(`*`, `b.x`)',
  'HostSNIRegexp(`{n}.x`)',
  'HostSNIRegexp(`{n:[A-Z]+}.X`, `{n:[a-b.]*}`)',
  'HostSNIRegexp(`{n:(?-i)[A-Z]}.x`)',
  'HostSNIRegexp(`{n:(?-i)[a-z]}.x`)',
  'ALPN(`h2`, `x`)',
  'ClientIP(`10.0.0.0/8`, `::1`)',
];

test('each two of the TCP matchers, joined in each way, accept the same connections after the rewrite', () => {
  const names = ['', 'a.x', 'A.X', 'b.x', 'b', 'ab.x', 'a.b.x'];
  const connections = names.flatMap((serverName) =>
    ['10.1.1.1', '::1', '1.1.1.1'].flatMap((clientIp) => [[], ['h2']].map((alpn) => ({ serverName, clientIp, alpn }))),
  );
  const rules = TCP_CALLS.flatMap((one) => TCP_CALLS.flatMap((other) => [`${one} || ${other}`, `!${one} && ${other}`]));
  for (const rule of rules) {
    const { text, exact } = rewrite(rule, 'tcp');
    const [before, after] = [compileTcp(rule, 'v2'), compileTcp(text, 'v3')];
    expect({ rule, exact, accepts: connections.map(after) }).toEqual({
      rule,
      exact: true,
      accepts: connections.map(before),
    });
  }
});
