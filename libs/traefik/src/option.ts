/** Rules about one option of an object: it is there, or it is not. */
import type { Check, Spot } from './check.ts';
import type { Path, Tree } from './tree.ts';

interface Given {
  readonly tree: Tree;
  readonly value: unknown;
}

type Said = Pick<Spot, 'message' | 'advice' | 'edits'>;

/** @param say undefined where this value of the option is no finding. */
export function option(path: Path, say: (given: Given) => Said | undefined): Check['look'] {
  return ({ tree }) => {
    const value = tree.get(path);
    const said = value === undefined || value === null ? undefined : say({ tree, value });
    return said ? [{ tree, path, at: 'key', ...said }] : [];
  };
}

/** The same in the values of Traefik's chart. */
export function valuesOption(path: Path, say: (given: Given) => Said | undefined): Check['look'] {
  return ({ values }) => {
    const value = values?.get(path);
    const said = values && value !== undefined && value !== null ? say({ tree: values, value }) : undefined;
    return values && said ? [{ tree: values, path, at: 'key', ...said }] : [];
  };
}
