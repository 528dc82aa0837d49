import { describe, expect, test } from 'vitest';
import { readDocuments } from './documents.ts';
import type { Edit } from './finding.ts';
import type { Tree } from './tree.ts';

const HEAD = 'apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata:\n  name: traefik\nspec:\n';

const treeOf = (text: string): Tree => {
  const [manifest] = readDocuments({ file: 'a.yaml', text }).manifests;
  if (!manifest) throw new Error('no manifest');
  return manifest.tree;
};

const valuesOf = (text: string): Tree => {
  const [manifest] = readDocuments({ file: 'a.yaml', text }).manifests;
  if (!manifest?.values) throw new Error('no values');
  return manifest.values;
};

const applied = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((done, { begin, end, text: by }) => done.slice(0, begin) + by + done.slice(end), text);

const plain = (spec: string): string => `apiVersion: v1\nkind: Service\nspec:\n${spec}`;

describe('edits leave every other byte', () => {
  test('of a string, in the quotes that it had', () => {
    const text = plain(`  a: "x" # said\n  b: 'x'\n  c: x\n`);
    const tree = treeOf(text);
    expect(applied(text, tree.replaceString(['spec', 'a'], 'y"'))).toBe(text.replace('"x"', '"y\\""'));
    expect(applied(text, tree.replaceString(['spec', 'b'], "y'"))).toBe(text.replace("'x'", "'y'''"));
    expect(applied(text, tree.replaceString(['spec', 'c'], 'y: z'))).toBe(text.replace('c: x', "c: 'y: z'"));
  });

  test('of a key, comments and blanks and all', () => {
    const text = plain('  old :   # why\n\n    a: 1\n');
    expect(applied(text, treeOf(text).rename(['spec', 'old'], 'new'))).toBe(text.replace('old', 'new'));
  });

  test('of an entry with its lines', () => {
    const text = plain('  a:\n    b: 1 # one\n    # two\n    c: |\n      text\n  d: 2\n');
    expect(applied(text, treeOf(text).remove(['spec', 'a']))).toBe(plain('  d: 2\n'));
    expect(applied(text, treeOf(text).remove(['spec', 'a', 'b']))).toBe(text.replace('    b: 1 # one\n', ''));
    expect(applied(text, treeOf(text).remove(['spec', 'a', 'c']))).toBe(text.replace('    c: |\n      text\n', ''));
  });

  test('of a file from Windows, in its newlines', () => {
    const text = plain('  a:\n    b: 1\n  c: 2\n').replaceAll('\n', '\r\n');
    expect(treeOf(text).entry(['spec', 'a'])).toEqual(['a:', '  b: 1']);
    const wanted = plain('  d:\n    e: 1\n  c: 2\n').replaceAll('\n', '\r\n');
    expect(applied(text, treeOf(text).rewrite(['spec', 'a'], ['d:', '  e: 1']))).toBe(wanted);
  });

  test('of the last entry of a file without a newline', () => {
    const text = plain('  a: 1\n  b: 2');
    expect(applied(text, treeOf(text).remove(['spec', 'b']))).toBe(plain('  a: 1\n'));
  });

  test('are none where an entry shares its line', () => {
    const text = plain('  a: {b: 1, c: 2}\n  d: [1, 2]\n');
    expect(treeOf(text).remove(['spec', 'a', 'b'])).toEqual([]);
    expect(treeOf(text).remove(['spec', 'd', 0])).toEqual([]);
  });
});

describe('values of a chart, in a string of the file', () => {
  const text = `${HEAD}  valuesContent: |- # mine\n\n    ports:\n      web:\n        a: 1 # one\n        b: x\n    last: 2\n`;

  test('stand where they stand in the file', () => {
    const line = text.slice(0, text.indexOf('b: x')).split('\n').length;
    expect(valuesOf(text).place(['ports', 'web', 'b'])).toMatchObject({ line, column: 12, endColumn: 13 });
    expect(valuesOf(text).keyPlace(['ports', 'web', 'b'])).toMatchObject({ line, column: 9, endColumn: 10 });
  });

  test('are changed there', () => {
    const values = valuesOf(text);
    expect(applied(text, values.replaceString(['ports', 'web', 'b'], 'y'))).toBe(text.replace('b: x', 'b: y'));
    expect(applied(text, values.remove(['ports', 'web', 'a']))).toBe(text.replace('        a: 1 # one\n', ''));
    expect(applied(text, values.remove(['last']))).toBe(text.replace('    last: 2\n', ''));
    const rewritten = values.rewrite(['ports', 'web', 'a'], ['c:', '  d: 1']);
    expect(applied(text, rewritten)).toBe(text.replace('        a: 1 # one\n', '        c:\n          d: 1\n'));
  });

  test('in quotes are judged at the string, and changed by a person', () => {
    const quoted = `${HEAD}  valuesContent: "a: 1\\nb: 2\\n"\n`;
    expect(valuesOf(quoted).place(['b'])).toMatchObject({ line: 6, column: 18 });
    expect(valuesOf(quoted).remove(['b'])).toEqual([]);
  });
});

test('a value behind an alias stands where the anchor does', () => {
  const text = plain('  a: &it\n    x: 1\n  b: *it\n');
  expect(treeOf(text).place(['spec', 'b', 'x'])).toMatchObject({ line: 5, column: 8 });
});

test('a part of a rule is pointed at, and changed', () => {
  const text = plain('  rule: Host(`a`) && Path(`/b`)\n');
  const tree = treeOf(text);
  expect(tree.partPlace(['spec', 'rule'], 'Path(`/b`)')).toMatchObject({ line: 4, column: 22, endColumn: 32 });
  expect(applied(text, tree.patch(['spec', 'rule'], 'Path(`/b`)', 'Path(`/c`)'))).toBe(text.replace('/b', '/c'));
  expect(tree.patch(['spec', 'rule'], '`', 'x')).toEqual([]);
  expect(tree.patch(['spec', 'rule'], 'Path(`/b`)', 'Path(`/c #d`)')).toEqual([]);
});
