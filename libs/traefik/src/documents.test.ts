import { describe, expect, test } from 'vitest';
import { LARGEST_FILE, readDocuments, type Documents } from './documents.ts';

const read = (text: string): Documents => readDocuments({ file: 'a.yaml', text });
const names = ({ manifests }: Documents): readonly string[] => manifests.map(({ object }) => object.name);
const refusals = ({ unreadable }: Documents): readonly string[] =>
  unreadable.map(({ place, message }) => `${place.line}:${place.column} ${message}`);

const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;

describe('objects', () => {
  test('of a stream are told apart', () => {
    expect(names(read(`${service('one')}---\n# nothing\n---\n${service('two')}`))).toEqual(['one', 'two']);
  });

  test('of a List are its items, each at its place', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Service\n    metadata: {name: one}\n`;
    const [manifest] = read(list).manifests;
    expect(manifest?.object).toEqual({ kind: 'Service', namespace: '', name: 'one' });
    expect(manifest?.tree.place(['metadata', 'name'])).toMatchObject({ line: 6, column: 22 });
  });

  test('are read from JSON too', () => {
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'one' } }, null, 2);
    const [manifest] = read(json).manifests;
    expect(manifest?.tree.place(['metadata', 'name'])).toMatchObject({ line: 5, column: 13 });
  });

  test('a document that is no object of Kubernetes is passed over', () => {
    for (const text of ['', 'a: 1', '- 1', '"text"', 'kind: 1\napiVersion: 2', '{}', 'null']) {
      expect(read(text)).toEqual({ manifests: [], unreadable: [] });
    }
  });
});

describe('what cannot be read is said with its place, and the rest is judged', () => {
  test('no YAML', () => {
    const documents = read(`${service('one')}---\na: [1\nb: 2\n---\n${service('two')}`);
    expect(names(documents)).toEqual(['one', 'two']);
    expect(refusals(documents)).toEqual([expect.stringMatching(/^7:\d+ no YAML: /)]);
  });

  test('a Helm template, whether or not it happens to be YAML', () => {
    for (const text of [
      `${service('one')}  namespace: {{ .Release.Namespace }}\n`,
      `{{- if .Values.enabled }}\n${service('one')}{{- end }}\n`,
      `{{ include "labels" . }}\n${service('one')}`,
    ]) {
      expect(refusals(read(text))).toEqual([expect.stringContaining('helm template <chart> | faultline lint -')]);
    }
  });

  test('braces in a string are no template', () => {
    expect(
      read(`${service('one')}  annotations:\n    summary: "{{ $value }} of {{ .Labels.job }}"\n`).unreadable,
    ).toEqual([]);
  });

  test('a YAML bomb', () => {
    const levels = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level++) {
      levels.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`);
    }
    expect(refusals(read(levels.join('\n')))).toEqual([expect.stringContaining('bomb')]);
  });

  test('nesting without end', () => {
    for (const text of ['['.repeat(100_000), '{a: '.repeat(50_000), '- '.repeat(50_000), '? '.repeat(20_000)]) {
      const { manifests, unreadable } = read(text);
      expect(manifests).toEqual([]);
      expect(unreadable.length).toBeGreaterThan(0);
    }
  });

  test('a file that is too large, at once', () => {
    expect(refusals(read('a'.repeat(LARGEST_FILE + 1)))).toEqual([
      '1:1 larger than 4 MB, and not read. Split it, or give the files that it was made of',
    ]);
  });

  test('values that are no YAML, where they stand in the file', () => {
    const values =
      'apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata:\n  name: traefik\nspec:\n  valuesContent: |-\n    a: 1\n    b: [\n';
    expect(refusals(read(values))).toEqual([expect.stringMatching(/^[89]:\d+ spec.valuesContent is no YAML/)]);
  });
});
