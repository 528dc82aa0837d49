import { describe, expect, test } from 'vitest';
import { accepts } from './accept.ts';
import { rewrite } from './rewrite.ts';
import type { Transport } from './tree.ts';

describe('a v2 rule is rewritten', () => {
  test.each<[string, string, Transport?]>([
    ['Host(`a.x`, `b.x`)', 'Host(`a.x`) || Host(`b.x`)'],
    ['Host(`a.x`,`b.x`) && Path(`/`)', '(Host(`a.x`) || Host(`b.x`)) && Path(`/`)'],
    ['!Method(`GET`, `PUT`)', '!(Method(`GET`) || Method(`PUT`))'],
    ['(Path(`/a`, "/b"))', '(Path(`/a`) || Path("/b"))'],
    ['PathPrefix(`/users/{id:[0-9]+}`)', 'PathRegexp(`^/users/[0-9]+`)'],
    ['Path(`/users/{id}/x.y`)', 'PathRegexp(`^/users/[^/]+/x\\.y$`)'],
    ['Path(`/{l:en|de}/{i:(?i)a}{o:\\12}3`)', 'PathRegexp(`^/(?:en|de)/(?:(?i)a)(?:\\12)3$`)'],
    ['HostRegexp(`{sub:[a-z]+}.X.test`)', 'HostRegexp(`^[a-z]+\\.x\\.test$`)'],
    ['HostRegexp(`{sub:[A-Z]+}.test`)', 'HostRegexp(`(?i)^[A-Z]+\\.test$`)'],
    ['HostRegexp(`{sub}.test`, `b.test`)', 'HostRegexp(`^[^.]+\\.test$`) || HostRegexp(`^b\\.test$`)'],
    ['HostHeader(`a.x`)', 'Host(`a.x`)'],
    ['Headers(`X`, `1`, `Y`, `2`) || Host(`a`)', 'Header(`X`, `1`) && Header(`Y`, `2`) || Host(`a`)'],
    ['!HeadersRegexp(`X`, `1`, `Y`, `2`)', '!(HeaderRegexp(`X`, `1`) && HeaderRegexp(`Y`, `2`))'],
    [
      'Query(`a=b`, `c={v:[0-9]+}`, `d=`)',
      'Query(`a`, `b`) && QueryRegexp(`c`, `^[0-9]+$`) && QueryRegexp(`d`, `^.*$`)',
    ],
    ['ClientIP(`10.0.0.0/8`, `::1`)', 'ClientIP(`10.0.0.0/8`) || ClientIP(`::1`)'],
    ['HostSNI(`A.x`, `b.x`)', 'HostSNI(`a.x`) || HostSNI(`b.x`)', 'tcp'],
    ['HostSNI(`a.x`, `*`)', 'HostSNIRegexp(`.+`)', 'tcp'],
    ['HostSNIRegexp(`{any}.x`) && ALPN(`h2`, `x`)', 'HostSNIRegexp(`^[^.]+\\.x$`) && (ALPN(`h2`) || ALPN(`x`))', 'tcp'],
  ])('%s', (before, after, transport = 'http') => {
    expect(rewrite(before, transport).text).toBe(after);
  });

  test.each([
    'Host(`a.x`)  &&PathPrefix( "/a" ) // the shop',
    'host(`a`,)',
    '!( Path(`/a`) )',
    'Query(`a`,`b`)',
    'ClientIP(`10.0.0.0/8`)',
  ])('not at all, byte by byte, where v3 reads it as it is: %s', (text) => {
    expect(rewrite(text)).toMatchObject({ text, changed: false, edits: [], longerBy: 0 });
  });

  test('only where it must be', () => {
    const { text, edits } = rewrite('Host(`a.x`)  &&  Path( "/a" , "/{b}" )');
    expect(text).toBe('Host(`a.x`)  &&  (Path("/a") || PathRegexp(`^/[^/]+$`))');
    expect(edits).toEqual([{ begin: 17, end: 38, text: '(Path("/a") || PathRegexp(`^/[^/]+$`))' }]);
  });

  test('with what changes of its priority, which is its length in bytes', () => {
    expect(rewrite('HostHeader(`a`)').longerBy).toBe(-6);
    expect(rewrite('Path(`/ä`, `/b`)').longerBy).toBe('Path(`/ä`) || Path(`/b`)'.length - 'Path(`/ä`, `/b`)'.length);
  });

  test('never, where v2 itself refuses it', () => {
    expect(() => rewrite('PathRegexp(`/a`)')).toThrow(/unsupported function: PathRegexp.*Nearest: Path\b/);
  });
});

describe('a rewrite that accepts other requests says so, and which', () => {
  const kinds = (text: string) => rewrite(text).notes.map(({ kind }) => kind);
  const request = { host: 'a.x', path: '/' };

  test('a parameter sent twice', () => {
    const { exact, text, notes } = rewrite('Query(`a=b`)');
    expect({ exact, kinds: notes.map(({ kind }) => kind) }).toEqual({ exact: false, kinds: ['repeated-parameter'] });
    const twice = { ...request, query: [['a', 'x'] as const, ['a', 'b'] as const] };
    expect([accepts('Query(`a=b`)', 'v2', twice), accepts(text, 'v3', twice)]).toEqual([false, true]);
  });

  test('a host expression that takes the empty name is kept from taking every host', () => {
    const rewritten = rewrite('HostRegexp(`{n:[0-9.]*}`)');
    expect(rewritten).toMatchObject({ text: 'HostRegexp(`^\\b[0-9.]*$`)', exact: false });
    expect(accepts(rewritten.text, 'v3', { ...request, host: 'shop' })).toBe(false);
    expect(accepts(rewritten.text, 'v3', { ...request, host: '10.0.0.1' })).toBe(true);
    expect(rewrite('HostRegexp(`{any:.*}`)')).toMatchObject({ text: 'HostRegexp(`^.*$`)', exact: true });
  });

  test('a pattern that looks around, that compares capitals, a key that v3 cannot say', () => {
    expect(kinds('Query(`a={v:^b}`)')).toContain('looks-around');
    expect(kinds('HostRegexp(`{a:(?-i)[A-Z]}`)')).toContain('capital-letters');
    expect(kinds('Query(`=b`)')).toEqual(['no-equivalent']);
    expect(rewrite('Query(`=b`)')).toMatchObject({ text: 'Query(`=b`)', exact: false });
  });

  test('what is exact may still be worth knowing', () => {
    expect(kinds('Method(`GET`)')).toEqual(['no-405']);
    expect(kinds('HostRegexp(`^.+\\.x$`)')).toEqual(['was-literal']);
    expect(kinds('Host(`*.x`)')).toEqual(['wildcard']);
    expect(rewrite('Method(`GET`)').exact).toBe(true);
  });
});
