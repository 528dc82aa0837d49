/** What an import names: a module of Node, a package, an entry of one of our libs, or a file. */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';

export type Target =
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'package'; readonly name: string }
  /** `@faultline/fault/plan` is the entry `./plan` of the lib `fault`. */
  | { readonly kind: 'lib'; readonly lib: string; readonly entry: string; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

const SCOPE = '@faultline';

export function targetOf(importer: string, specifier: string): Target {
  if (specifier.startsWith('.')) return { kind: 'file', path: posix.join(posix.dirname(importer), specifier) };
  if (specifier.startsWith('node:') && isBuiltin(specifier)) return { kind: 'node', name: specifier };
  const [first = '', second = '', ...rest] = specifier.split('/');
  if (first === SCOPE) {
    return { kind: 'lib', lib: second, entry: ['.', ...rest].join('/'), name: `${SCOPE}/${second}` };
  }
  return { kind: 'package', name: first.startsWith('@') ? `${first}/${second}` : first };
}
