/** The arguments of Traefik's command line that the values of its chart set. */
import type { Path, Tree } from './tree.ts';

export interface Argument {
  readonly path: Path;
  /** In lower case and without dashes: Traefik does not tell `providers.docker.swarmMode` from `swarmmode`. */
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

export function argumentsOf(values: Tree): readonly Argument[] {
  return ['additionalArguments', 'globalArguments'].flatMap((key) => {
    const given = values.get([key]);
    if (!Array.isArray(given)) return [];
    return given.flatMap((text: unknown, index) => (typeof text === 'string' ? [argumentOf(text, [key, index])] : []));
  });
}

function argumentOf(text: string, path: Path): Argument {
  const [name = '', ...value] = text.split('=');
  return { path, text, name: name.replace(/^-+/, '').toLowerCase(), value: value.join('=') };
}

/** Whether an argument is an option, or one below it. */
export const isUnder = ({ name }: Argument, option: string): boolean =>
  name === option || name.startsWith(`${option}.`);
