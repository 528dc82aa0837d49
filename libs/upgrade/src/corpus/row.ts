/** The rows of lint's corpus, as they lie in libs/traefik/corpus. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Expectation } from '@faultline/traefik';

export interface Row {
  /** Of its folder: `G03-host-of-several-values`. */
  readonly name: string;
  /** What it takes to apply it: objects, values of the chart, or definitions that the chart has too. */
  readonly kind: 'objects' | 'values' | 'definitions';
  readonly manifest: string;
  readonly fixed: string | undefined;
  /** What a cluster with Traefik 2 keeps of it, where its definitions do not know all of it. */
  readonly stored: string | undefined;
  readonly expectation: Expectation;
}

export async function readRows(folder: string): Promise<readonly Row[]> {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(names.map((name) => readRow(folder, name)));
}

async function readRow(folder: string, name: string): Promise<Row> {
  const read = (file: string) => readFile(join(folder, name, file), 'utf8');
  const [manifest, expectation, fixed, stored] = await Promise.all([
    read('manifest.yaml'),
    read('expect.json'),
    read('fixed.yaml').catch(() => undefined),
    read('stored.yaml').catch(() => undefined),
  ]);
  return { name, kind: kindOf(manifest), manifest, fixed, stored, expectation: JSON.parse(expectation) as Expectation };
}

function kindOf(manifest: string): Row['kind'] {
  if (/^kind: HelmChartConfig$/m.test(manifest)) return 'values';
  return /^kind: CustomResourceDefinition$/m.test(manifest) ? 'definitions' : 'objects';
}

/** The documents of a text of YAML. */
export const documentsOf = (text: string): readonly string[] =>
  text.split(/^---$/m).filter((document) => document.trim() !== '');

export const rowsOfObjects = (rows: readonly Row[]): readonly Row[] => rows.filter(({ kind }) => kind === 'objects');
