/** What Go's regexp takes and refuses; the same was asked of Go itself. */
import { describe, expect, test } from 'vitest';
import { parseGoRegexp, quoteMeta, toJs } from './index.ts';

const matches = (source: string, text: string) => toJs(parseGoRegexp(source))?.test(text);

describe('an expression of Go', () => {
  test.each<[source: string, taken: readonly string[], refused: readonly string[]]>([
    ['^[[:alpha:]]+$', ['ab'], ['a1', 'ä']],
    ['^[[:^alpha:]]$', ['1'], ['a']],
    [String.raw`\Aa\z`, ['a'], ['ab', 'a\n']],
    [String.raw`^\s$`, [' ', '\t'], ['\v', '\u00a0']],
    [String.raw`^\w+$`, ['aB_1'], ['ä']],
    [String.raw`(?i)^\W$`, ['!'], ['k', '\u212a']],
    ['^.$', ['\r', '\u2028', '😀'], ['\n']],
    ['(?s)^.$', ['\n'], ['']],
    ['(?m)^b$', ['a\nb\nc'], ['a\rb']],
    ['^a(?i)b|c$', ['aB', 'xC'], ['AB']],
    ['^(?:(?i)a)b$', ['Ab'], ['AB']],
    ['(?i)^k$', ['K', '\u212a'], ['l']],
    ['^(?P<x>a)(?<y>b)$', ['ab'], ['a']],
    ['^(?P<x>a)(?P<x>b)$', ['ab'], []],
    [String.raw`^\Qa.b\E+$`, ['a.bb'], ['axb']],
    [String.raw`^\x41\x{1F600}\101$`, ['A😀A'], ['A']],
    [String.raw`^\pL\p{Greek}\PL$`, ['aα1'], ['aa1']],
    ['^a{2,3}{$', ['aa{'], ['a{']],
    ['^a{,3}$', ['a{,3}'], ['a']],
    ['(?U)^a+$', ['aa'], ['b']],
    ['^[]a]+[^]b]$', [']ac'], ['b']],
    ['^[a-]$', ['-'], ['b']],
  ])('%s takes and refuses what it does there', (source, taken, refused) => {
    expect(taken.map((text) => matches(source, text))).toEqual(taken.map(() => true));
    expect(refused.map((text) => matches(source, text))).toEqual(refused.map(() => false));
  });

  test.each([
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?!a)', 'invalid or unsupported Perl syntax: `(?!`'],
    ['(?<=a)', 'invalid named capture: `(?<=a)`'],
    ['*a', 'missing argument to repetition operator: `*`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['(a{100}){11}', 'invalid repeat count: `{11}`'],
    ['(a', 'missing closing ): `(a`'],
    ['a)', 'unexpected ): `a)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['[z-a]', 'invalid character class range: `z-a`'],
    ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
    [String.raw`\p{Foo}`, String.raw`invalid character class range: ` + '`\\p{Foo}`'],
    [String.raw`\Z`, 'invalid escape sequence: `\\Z`'],
    [String.raw`(a)\1`, 'invalid escape sequence: `\\1`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
  ])('%s is refused in its words', (source, said) => {
    expect(() => parseGoRegexp(source)).toThrow(`error parsing regexp: ${said}`);
  });

  test('that JavaScript cannot run says so: it is no fault of the rule', () => {
    expect(toJs(parseGoRegexp(String.raw`(?i)\PL`))).toBeUndefined();
  });

  test('quotes what means something', () => {
    expect(quoteMeta('a.b/{c}-[1]')).toBe(String.raw`a\.b/\{c\}-\[1\]`);
  });
});
