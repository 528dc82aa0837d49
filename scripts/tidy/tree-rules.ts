/** Rules about how the files of the repository belong together. */
import { table } from '../boundaries/edges.ts';
import type { Finding } from '../source/finding.ts';
import type { Package, Tree } from '../source/tree.ts';

export type TreeRule = (tree: Tree) => readonly Finding[];

const MAP = 'docs/whats-here.md';
const LARGEST = 500_000;

const at = (file: string, problem: string, cure: string): Finding => ({ file, line: 1, problem, cure });

const libsOf = ({ packages }: Tree): string[] => [...packages.keys()].filter((folder) => /^libs\/[^/]+$/.test(folder));

export const readmes: TreeRule = (tree) =>
  libsOf(tree)
    .filter((lib) => !tree.texts.has(`${lib}/README.md`))
    .map((lib) =>
      at(
        `${lib}/package.json`,
        'a lib without README.md',
        'use one page: its purpose, the calls one needs, what it will never do',
      ),
    );

/** The formatter pads the columns of a table. */
const unpadded = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

/** The map shows every room, and the same table as the check uses. */
export const map: TreeRule = (tree) => {
  const text = tree.texts.get(MAP);
  if (text === undefined)
    return [at(MAP, 'missing', 'use one line for each room and the output of: npm run boundaries -- --table')];
  const unnamed = libsOf(tree).filter((lib) => !text.includes(lib));
  return [
    ...unnamed.map((lib) => at(MAP, `${lib} is not named`, 'use one line for each lib')),
    ...(unpadded(text).includes(unpadded(table()))
      ? []
      : [
          at(
            MAP,
            'the table of rooms is not the one that is checked',
            'use the output of: npm run boundaries -- --table',
          ),
        ]),
  ];
};

/** package.json is the truth; the compiler's references follow it. */
export const references: TreeRule = (tree) =>
  libsOf(tree).flatMap((lib) => {
    const file = `${lib}/tsconfig.json`;
    const wanted = Object.keys(tree.packages.get(lib)?.dependencies ?? {})
      .filter((name) => name.startsWith('@faultline/'))
      .map((name) => name.replace('@faultline/', '../'));
    const found = [...(tree.texts.get(file) ?? '').matchAll(/"path": "([^"]+)"/g)].map(([, path]) => path ?? '');
    const [missing, extra] = [
      wanted.filter((path) => !found.includes(path)),
      found.filter((path) => !wanted.includes(path)),
    ];
    if (missing.length + extra.length === 0) return [];
    const difference = [...missing.map((path) => `lacks ${path}`), ...extra.map((path) => `has ${path}`)].join(', ');
    return [at(file, `"references" ${difference}`, `use the dependencies of ${lib}/package.json`)];
  });

/** Whoever adds a dependency says why, and what else was looked at. */
export const decisions: TreeRule = (tree) => {
  const decided = [...tree.texts]
    .filter(([path]) => path.startsWith('docs/decisions/'))
    .map(([, text]) => text)
    .join('\n');
  return [...tree.packages].flatMap(
    ([folder, { dependencies, devDependencies, optionalDependencies }]: [string, Package]) =>
      Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter((name) => !name.startsWith('@faultline/') && !decided.includes(name))
        .map((name) =>
          at(
            folder === '.' ? 'package.json' : `${folder}/package.json`,
            `nobody decided on ${name}`,
            'use a line in docs/decisions/ that says why',
          ),
        ),
  );
};

export const sizes: TreeRule = ({ files }) =>
  files
    .filter(({ bytes }) => bytes > LARGEST)
    .map(({ path, bytes }) =>
      at(
        path,
        `${Math.round(bytes / 1000)} kB in the repository`,
        `use ${LARGEST / 1000} kB at most, or make it when it is needed`,
      ),
    );

/** The compiler writes them into .types; one beside its source came from a tsc without our tsconfig, and shadows it. */
export const generated: TreeRule = ({ files }) =>
  files
    .filter(({ path }) => path.endsWith('.d.ts'))
    .map(({ path }) => at(path, 'a generated file', 'use: git rm (and npm run typecheck)'));

export const treeRules: readonly TreeRule[] = [decisions, generated, map, readmes, references, sizes];
