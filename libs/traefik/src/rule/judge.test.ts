import { describe, expect, test } from 'vitest';
import { judge } from './judge.ts';
import type { Generation, Transport } from './tree.ts';

describe('a rule is judged', () => {
  test.each<[string, Generation, Transport?]>([
    ['Host(`a.x`) && PathPrefix(`/users`)', 'v2'],
    ['Host(`a.x`) && PathPrefix(`/users`)', 'v3'],
    ['HostRegexp(`{sub:[a-z]{2,3}}.x`)', 'v2'],
    ['HostRegexp(`^[a-z]{2,3}\\.\\p{L}+\\{x\\}$`)', 'v3'],
    ['Query(`a`, `b=c`)', 'v3'],
    ['HostSNI(`*`)', 'v3', 'tcp'],
  ])('valid: %s in %s', (text, generation, transport = 'http') => {
    expect(judge(text, generation, transport)).toEqual({ verdict: 'valid' });
  });

  test('invalid, with the line of the log and the place', () => {
    expect(judge('Host(`a`) && Host(`b`, `c`)', 'v3')).toMatchObject({
      verdict: 'invalid',
      error: { begin: 13, end: 27, reason: 'unexpected number of parameters; got 2, expected one of [1]' },
    });
    expect(judge('Headers(`a`, `b`)', 'v3')).toMatchObject({ verdict: 'invalid', error: { nearest: 'Header' } });
  });

  test.each<[string, Generation, RegExp, Transport?]>([
    ['PathPrefix(`/users/{id:[0-9]+}`)', 'v3', /PathPrefix takes braces literally/],
    ['PathRegexp(`^/users/{id:[0-9]{2}}`)', 'v3', /\{name\} are letters/],
    ['HostRegexp(`{sub:[a-z]+}.x`)', 'v3', /\{name\} are letters/],
    ['HostRegexp(`example.com`)', 'v3', /anywhere in the host/],
    ['Query(`a=b`)', 'v3', /takes this for the parameter's name, "=" and all, with no value/],
    ['Query(`a=b`, `c=d`)', 'v3', /with its value behind the comma/],
    ['HostSNI(`A.x`)', 'v3', /a capital never matches/, 'tcp'],
    ['HostRegexp(`^[a-z]+\\.x$`)', 'v2', /outside of braces literally/],
    ['Host(`{sub}.x`)', 'v2', /Host takes braces literally/],
  ])('valid, and another thing than it seems: %s in %s', (text, generation, said, transport = 'http') => {
    expect(judge(text, generation, transport)).toMatchObject({
      verdict: 'other',
      surprises: [{ begin: text.indexOf('(') + 1, text: expect.stringMatching(said) as string }],
    });
  });
});
