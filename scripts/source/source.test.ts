import { expect, test } from 'vitest';
import { parse } from './source.ts';

const importsOf = (text: string) => parse('a.ts', text).imports;
const usesOf = (text: string) => parse('a.ts', text).uses.map(({ name }) => name);

test.each([
  [`import { a } from './b.ts';`, false],
  [`import { type A } from './b.ts';`, false],
  [`import type { A } from './b.ts';`, true],
  [`export * from './b.ts';`, false],
  [`export type * from './b.ts';`, true],
  [`export { a } from './b.ts';`, false],
  [`import './b.ts';`, false],
  [`const b = await import('./b.ts');`, false],
  [`type B = import('./b.ts').B;`, true],
])('%s is an import, erased when it runs: %s', (text, isErased) => {
  expect(importsOf(text)).toEqual([{ from: './b.ts', line: 1, isErased }]);
});

test('an import from a path made at run time has nothing to say', () => {
  expect(importsOf('await import(path)')).toEqual([]);
});

test.each([
  ['Date.now()', 'Date.now()'],
  ['const clock = Date.now', 'Date.now'],
  ['globalThis.setTimeout(f)', 'setTimeout()'],
  ['new Date()', 'new Date()'],
  ['new Date(0)', 'new Date(…)'],
  ['process.stdout.write(x)', 'process.stdout'],
  ['run(argv, { shell: true })', 'shell: true'],
])('%s uses %s', (text, name) => {
  expect(usesOf(text)).toContain(name);
});

test.each(['// Date.now()', '"Date.now()"', 'type A = { setTimeout(): void }'])('%s uses nothing', (text) => {
  expect(usesOf(text)).toEqual([]);
});

test('lines are counted from one', () => {
  expect(parse('a.ts', '\n\nexit();\n').uses).toEqual([{ name: 'exit()', line: 3 }]);
});

test('a file that does not parse says why, and stops nobody', () => {
  expect(parse('libs/a.ts', 'const').errors).toHaveLength(1);
});
