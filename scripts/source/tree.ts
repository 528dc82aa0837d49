/** The repository as the checks see it. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from 'zx';
import { parse, type Source } from './source.ts';

export interface Package {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Tree {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly sources: readonly Source[];
  /** By folder: `.` for the root, `libs/fault`, ... */
  readonly packages: ReadonlyMap<string, Package>;
  /** Other texts that rules read, by path: documents and configuration. */
  readonly texts: ReadonlyMap<string, string>;
}

const root = join(import.meta.dirname, '../..');
const inPackages = /^(.+\/)?package\.json$/;

/** Reads what git tracks and what it would: a file that was forgotten in the index is checked all the same. */
export async function readTree(): Promise<Tree> {
  const listed = await $({ cwd: root })`git ls-files -z --cached --others --exclude-standard`;
  const paths = listed.stdout.split('\0').filter((path) => path !== '');
  const found = await Promise.all(paths.map((path) => stat(join(root, path)).catch(() => undefined)));
  const files = paths.flatMap((path, index) =>
    found[index] === undefined ? [] : [{ path, bytes: found[index].size }],
  );
  const read = async (pattern: RegExp): Promise<[string, string][]> => {
    const wanted = files.filter(({ path }) => pattern.test(path));
    return Promise.all(
      wanted.map(async ({ path }) => [path, await readFile(join(root, path), 'utf8')] as [string, string]),
    );
  };
  const sources = (await read(/(?<!\.d)\.ts$/)).map(([path, text]) => parse(path, text));
  const texts = new Map(await read(/\.md$|tsconfig\.json$/));
  const packages = await read(inPackages);
  return {
    files,
    sources,
    texts,
    packages: new Map(
      packages.map(([path, text]) => [
        path.replace(inPackages, '$1').replace(/\/$/, '') || '.',
        JSON.parse(text) as Package,
      ]),
    ),
  };
}
