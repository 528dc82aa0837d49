import { describe, expect, test } from 'vitest';
import { accepts } from './accept.ts';
import { UnevaluableError } from './predicate.ts';
import { RuleError } from './rule-error.ts';
import type { Connection, HttpRequest } from './request.ts';
import type { Generation } from './tree.ts';

const REQUEST: HttpRequest = {
  host: 'Shop.example.com:8080',
  path: '/users/42',
  method: 'GET',
  headers: { 'x-a': ['1', '2'], Accept: 'text/html' },
  query: [
    ['q', 'one'],
    ['q', 'two'],
    ['flag', ''],
  ],
  clientIp: '10.1.2.3',
};

describe('a request is accepted', () => {
  test.each<[string, Generation, boolean]>([
    ['Host(`a.x`, `SHOP.example.com.`)', 'v2', true],
    ['Host(`shop.example.com`)', 'v3', true],
    ['HostHeader(`shop.example.com`)', 'v2', true],
    ['HostRegexp(`{sub:[a-z]+}.EXAMPLE.com`)', 'v2', true],
    ['HostRegexp(`{sub}.com`)', 'v2', false],
    ['HostRegexp(`^[a-z]+\\.example\\.com$`)', 'v3', true],
    ['HostRegexp(`^Shop`)', 'v3', false],
    ['HostRegexp(`example.com`)', 'v3', true],
    ['Path(`/users/{id:[0-9]+}`)', 'v2', true],
    ['Path(`/users/{id:[0-9]}`)', 'v2', false],
    ['PathPrefix(`/users/{id:[0-9]}`)', 'v2', true],
    ['Path(`/users/42/`)', 'v2', false],
    ['PathPrefix(`/us`)', 'v3', true],
    ['PathPrefix(`/users/{id:[0-9]+}`)', 'v3', false],
    ['PathRegexp(`^/users/\\d+$`)', 'v3', true],
    ['Method(`post`, `get`)', 'v2', true],
    ['Method(`get`)', 'v3', true],
    ['Headers(`X-A`, `2`, `accept`, `text/html`)', 'v2', true],
    ['Headers(`X-A`, `0`, `X-A`, `1`)', 'v2', true],
    ['Header(`X-A`, `3`)', 'v3', false],
    ['HeadersRegexp(`Accept`, `^text/`)', 'v2', true],
    ['HeaderRegexp(`Missing`, `.*`)', 'v3', false],
    ['Query(`q=one`)', 'v2', true],
    ['Query(`q=two`)', 'v2', false],
    ['Query(`q`, `two`)', 'v3', true],
    ['Query(`q`, `{v:o.e}`)', 'v2', true],
    ['Query(`flag=`)', 'v2', true],
    ['Query(`flag`)', 'v3', true],
    ['Query(`q`)', 'v3', false],
    ['Query(`q=one`)', 'v3', false],
    ['QueryRegexp(`q`, `^t`)', 'v3', true],
    ['ClientIP(`192.168.0.0/16`, `10.0.0.0/8`)', 'v2', true],
    ['ClientIP(`::ffff:10.1.2.3`)', 'v3', true],
    ['ClientIP(`::/0`)', 'v3', false],
    ['ClientIP(`::ffff:10.0.0.0/104`)', 'v3', true],
    ['ClientIP(`::ffff:10.0.0.0/72`)', 'v3', false],
    ['!(Host(`a.x`) || Path(`/users/42`))', 'v3', false],
    ['!Host(`a.x`) && !Path(`/`)', 'v3', true],
  ])('%s in %s: %s', (rule, generation, expected) => {
    expect(accepts(rule, generation, REQUEST)).toBe(expected);
  });

  test('v3 takes every host with an expression that takes the empty name, because that is asked too', () => {
    expect(accepts('HostRegexp(`^[0-9]*$`)', 'v3', REQUEST)).toBe(true);
    expect(accepts('HostRegexp(`{n:[0-9]*}`)', 'v2', REQUEST)).toBe(false);
  });

  test('an address in brackets without a port keeps them in v2 HostRegexp', () => {
    const request = { host: '[::1]', path: '/' };
    expect(accepts('HostRegexp(`{a:[0-9:]+}`)', 'v2', request)).toBe(false);
    expect(accepts('HostRegexp(`^[0-9:]+$`)', 'v3', request)).toBe(true);
    expect(accepts('HostRegexp(`{a:[0-9:]+}`)', 'v2', { ...request, host: '[::1]:80' })).toBe(true);
  });
});

describe('a connection is accepted', () => {
  const connection: Connection = { serverName: 'db.Example.com', clientIp: '10.1.2.3', alpn: ['h2', 'x'] };
  test.each<[string, Generation, boolean]>([
    ['HostSNI(`*`)', 'v2', true],
    ['HostSNI(`a.x`, `DB.example.com`)', 'v2', true],
    ['HostSNI(`DB.example.com`)', 'v3', false],
    ['HostSNI(`db.example.com.`)', 'v3', true],
    ['HostSNIRegexp(`{any}.example.com`)', 'v2', true],
    ['HostSNIRegexp(`^db`)', 'v3', true],
    ['ALPN(`http/1.1`, `h2`) && ClientIP(`10.0.0.0/8`)', 'v2', true],
    ['ALPN(`http/1.1`)', 'v3', false],
  ])('%s in %s: %s', (rule, generation, expected) => {
    expect(accepts(rule, generation, connection)).toBe(expected);
  });
});

describe('a rule that the matchers refuse throws the line of the log', () => {
  test.each<[string, Generation, string]>([
    ['Path(`a`)', 'v2', 'mux: path must start with a slash, got "a"'],
    ['Path(`/{a`)', 'v2', 'mux: unbalanced braces in "/{a"'],
    ['Path(`/{:a}`)', 'v2', 'mux: missing name or pattern in "{:a}"'],
    ['Query(`a`)', 'v2', 'mux: number of parameters must be multiple of 2, got [a]'],
    ['Query(`a={x}`) && Path(`/{x}`)', 'v2', 'mux: duplicated route variable "x"'],
    ['Host()', 'v2', 'no args for matcher Host'],
    [
      'ClientIP(`10`)',
      'v2',
      'could not initialize IP Checker for "ClientIP" matcher: parsing CIDR trusted IPs <nil>: invalid CIDR address: 10',
    ],
    [
      'Host(`a`, `b`)',
      'v3',
      'error while adding rule Host(`a`, `b`): error while adding rule Host: ' +
        'unexpected number of parameters; got 2, expected one of [1]',
    ],
    [
      '!(Host(``) && Path(`/`))',
      'v3',
      'error while adding rule !(Host(``) && Path(`/`)): error while adding rule or: ' +
        'error while checking rule Host: empty args for matcher Host, []',
    ],
    [
      'PathRegexp(`(`)',
      'v3',
      'error while adding rule PathRegexp(`(`): error while adding rule PathRegexp: compiling PathPrefix matcher: ' +
        'error parsing regexp: missing closing ): `(`',
    ],
  ])('%s in %s', (rule, generation, log) => {
    const asked = () => accepts(rule, generation, REQUEST);
    expect(asked).toThrow(RuleError);
    expect(asked).toThrow(expect.objectContaining({ log }));
  });

  test('but an expression that JavaScript cannot run is no fault of the rule', () => {
    expect(() => accepts(String.raw`PathRegexp(${'`'}(?i)\PL${'`'})`, 'v3', REQUEST)).toThrow(UnevaluableError);
  });
});
