/** The lines of the log were seen from the muxers of v2.11.18 and v3.3.6, given the same rules. */
import { describe, expect, test } from 'vitest';
import { accepts } from './accept.ts';
import { judge } from './judge.ts';
import { parseRule } from './parse.ts';
import { rewrite } from './rewrite.ts';
import { RuleError } from './rule-error.ts';
import { matchesOf, type Generation, type Rule, type Transport } from './tree.ts';

/** `&&` and `||` in Polish notation: the shape without the text. */
function shape(rule: Rule): string {
  if (rule.kind === 'match') return `${rule.matcher}(${rule.values.map(({ text }) => text).join(',')})`;
  if (rule.kind === 'group') return shape(rule.of);
  if (rule.kind === 'not') return `not[${shape(rule.of)}]`;
  return `${rule.kind}[${shape(rule.left)} ${shape(rule.right)}]`;
}

function refusal(text: string, generation: Generation = 'v2', transport: Transport = 'http'): RuleError {
  try {
    parseRule(text, generation, transport);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

describe('a rule is read', () => {
  test('with && before ||, both from the left, and ! before all', () => {
    expect(shape(parseRule('Path(`/a`) || !Path(`/b`) && Path(`/c`) || Path(`/d`)', 'v3'))).toBe(
      'or[or[Path(/a) and[not[Path(/b)] Path(/c)]] Path(/d)]',
    );
    expect(shape(parseRule('(Path(`/a`) || Path(`/b`)) && !(Path(`/c`) || Path(`/d`))', 'v3'))).toBe(
      'and[or[Path(/a) Path(/b)] not[or[Path(/c) Path(/d)]]]',
    );
  });

  test('with values in either quotes, several in v2, and a comma behind the last', () => {
    expect(shape(parseRule('Host(`a\\n`, "b\\x41\\u00e4\\101",)', 'v2'))).toBe('Host(a\\n,bAäA)');
  });

  test('with the four spellings of a matcher, and no other', () => {
    for (const name of ['HostRegexp', 'hostregexp', 'HOSTREGEXP', 'Hostregexp']) {
      expect(shape(parseRule(`${name}(\`a\`)`, 'v3'))).toBe('HostRegexp(a)');
    }
    expect(refusal('hostRegexp(`a`)', 'v3').nearest).toBe('HostRegexp');
  });

  test('over lines, where a line does not end in what could end a rule, and over comments', () => {
    expect(shape(parseRule('Host(`a`) && // the shop\n  Path(`/`) /* all */\n', 'v3'))).toBe('and[Host(a) Path(/)]');
  });

  test('with the place of each part', () => {
    const text = '!(Host(`a`,  "b"))';
    const [match] = matchesOf(parseRule(text, 'v2'));
    const parts = [match, match?.name, ...(match?.values ?? [])];
    expect(parts.map((part) => text.slice(part?.begin, part?.end))).toEqual(['Host(`a`,  "b")', 'Host', '`a`', '"b"']);
  });

  test('of any size without a crash: what is larger than we read is refused', () => {
    expect(refusal('('.repeat(50_000)).reason).toContain('nested deeper than 500');
    expect(refusal('!'.repeat(50_000)).reason).toContain('nested deeper than 500');
    expect(refusal('x'.repeat(50_000_000)).reason).toContain('50000000 characters long');
    const either = (count: number) => Array.from({ length: count }, () => 'Path(`/`)').join('||');
    expect(refusal(either(3000)).reason).toContain('more than 2000 operators');
    expect(judge(either(2000), 'v3').verdict).toBe('valid');
    expect(rewrite(either(2000)).changed).toBe(false);
    expect(accepts(either(2000), 'v3', { host: 'a', path: '/x' })).toBe(false);
  });
});

describe('a rule that Traefik does not read is refused', () => {
  test.each<[string, Generation, Transport, string]>([
    ['', 'v2', 'http', "1:1: expected operand, found 'EOF'"],
    ['Host(`a`', 'v2', 'http', "1:9: missing ',' before newline in argument list"],
    ['(Host(`a`)', 'v2', 'http', "1:11: expected ')', found newline"],
    ['Host(`a`)\n&& Path(`/`)', 'v3', 'http', "2:1: expected 'EOF', found '&&'"],
    ['Host(`a`) and Path(`/`)', 'v3', 'http', "1:11: expected 'EOF', found and"],
    ['Host(`ä`) &&', 'v3', 'http', "1:14: expected operand, found 'EOF'"],
    ['Host(`a) && Path(`/`)', 'v3', 'http', '1:20: raw string literal not terminated'],
    ['Host("\\d")', 'v3', 'http', '1:8: unknown escape sequence'],
    ['Host(`a`) & Path(`/`)', 'v3', 'http', '& is not supported'],
    ['Host(a)', 'v3', 'http', 'a is not defined'],
    ['Host(1)', 'v3', 'http', 'reflect: cannot use int as type string in Call'],
    ['Host(Path(`/`))', 'v3', 'http', 'reflect: cannot use rules.TreeBuilder as type string in Call'],
    ['Headers(`a`, `b`)', 'v3', 'http', 'unsupported function: Headers'],
    ['PathRegexp(`a`)', 'v2', 'http', 'unsupported function: PathRegexp'],
    ['Host(`a`)', 'v3', 'tcp', 'unsupported function: Host'],
  ])('%s of %s for %s, with the line of its log', (text, generation, transport, log) => {
    expect(refusal(text, generation, transport).log).toBe(`error while parsing rule ${text}: ${log}`);
  });

  test('with the place, what could stand there, and the nearest matcher', () => {
    expect(refusal('Host(`a`) && Pathprefixes(`/`)', 'v3')).toMatchObject({
      begin: 13,
      end: 25,
      nearest: 'PathPrefix',
    });
    expect(refusal('HeadersRegexp(`a`, `b`)', 'v3').message).toBe(
      'unsupported function: HeadersRegexp, at offset 0 of rule "HeadersRegexp(`a`, `b`)". Nearest: HeaderRegexp. ' +
        'Allowed here: ClientIP, Method, Host, HostRegexp, Path, PathRegexp, PathPrefix, Header, HeaderRegexp, Query, QueryRegexp',
    );
    expect(refusal('Host(`a` `b`)', 'v2').expected).toEqual([',', ')']);
  });
});
