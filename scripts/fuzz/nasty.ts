/** Values that have broken somebody's parser before, and a small seeded chooser among them. Pure. */
import { below } from '@faultline/scenario/plan';

export type Random = () => number;

export const oneOf = <T>(random: Random, all: readonly T[]): T => all[below(random, all.length)] as T;
export const chance = (random: Random, share: number): boolean => random() < share;

/** What a shell, a file system, a terminal, a number parser, or an object with a prototype would take for something else. */
export const NASTY_TEXT: readonly string[] = [
  '',
  ' ',
  '\0',
  'agent-0\0',
  '\n',
  '\u001b[2J',
  '; reboot',
  '$(reboot)',
  '`reboot`',
  '| tee /etc/passwd',
  '&& true',
  '${HOME}',
  '%s%n',
  '../../../etc/passwd',
  '/dev/null',
  '/nonexistent',
  '-',
  '--',
  '---',
  '-1',
  '1e9',
  '0x10',
  'NaN',
  'Infinity',
  '-0',
  '9'.repeat(400),
  '1.5s',
  '99999999m',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'true',
  'ЬΩ漢字',
  '\ud800',
  '\u202eabc',
  '👩‍👩‍👧',
  'a\u0301'.repeat(200),
  'x'.repeat(20_000),
  '198.18.0.0/33',
  '::1',
];

const NASTY_NUMBERS = [0, -0, -1, 0.5, 1e21, 2 ** 53, -(2 ** 53), NaN, Infinity, -Infinity, 65_536, 4_294_967_296];

/** Any value that JSON, or a module, can hold where something else was expected. */
export function nasty(random: Random): unknown {
  const kinds: readonly (() => unknown)[] = [
    () => oneOf(random, NASTY_TEXT),
    () => oneOf(random, NASTY_NUMBERS),
    () => oneOf(random, [null, undefined, true, false]),
    () => oneOf(random, [[], [[]], [null], {}, { __proto__: null }, JSON.parse('{"__proto__":{"a":1}}')]),
    () => Array.from({ length: below(random, 30) }, () => oneOf(random, NASTY_TEXT)),
    () => oneOf<unknown>(random, [10n, Symbol('s'), () => 'code', new Date(Number.NaN), /x/, new Map([['kind', 'x']])]),
    () => nested(below(random, 60)),
  ];
  return oneOf(random, kinds)();
}

const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { kind: nested(depth - 1) });
