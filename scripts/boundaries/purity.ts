/**
 * Whatever a plan.ts reaches is pure: `faultline list` and `faultline plan` answer in milliseconds, with no engine, and
 * the same seed gives the same plan everywhere.
 */
import type { Finding } from '../source/finding.ts';
import type { Source } from '../source/source.ts';
import type { Tree } from '../source/tree.ts';
import { targetOf } from './target.ts';

const EFFECTS = /^node:(child_process|cluster|dgram|dns|fs|http|http2|https|net|timers|tls|worker_threads)(\/|$)/;
const EFFECTFUL = new Set(['@kubernetes/client-node', 'dockerode', 'execa', 'testcontainers', 'zx']);
const CHANGING = new Set(['Date.now', 'Math.random', 'new Date()', 'performance.now', 'process.hrtime']);

type Facts = Pick<Tree, 'sources' | 'packages'>;

/** @param entries the files to begin at; every lib's plan.ts unless told. */
export function impurities(facts: Facts, entries: readonly string[] = plans(facts)): Finding[] {
  const byPath = new Map(facts.sources.map((source) => [source.path, source]));
  const reachedBy = new Map<string, string | undefined>(entries.map((path) => [path, undefined]));
  // A Map may grow while it is walked: its new keys come last, which makes this a breadth-first search.
  for (const [path] of reachedBy) {
    for (const next of byPath.has(path) ? importedFiles(byPath.get(path), facts) : []) {
      if (!reachedBy.has(next)) reachedBy.set(next, path);
    }
  }
  return [...reachedBy.keys()].flatMap((path) => {
    const source = byPath.get(path);
    return source
      ? effectsIn(source).map((found) => ({
          ...found,
          cure: `use it outside of what a plan reaches (${trail(path, reachedBy)})`,
        }))
      : [];
  });
}

const plans = ({ sources }: Facts): string[] =>
  sources.map(({ path }) => path).filter((path) => /^libs\/[^/]+\/src\/plan\.ts$/.test(path));

function importedFiles(source: Source | undefined, { packages }: Facts): string[] {
  const targets =
    source?.imports.filter(({ isErased }) => !isErased).map(({ from }) => targetOf(source.path, from)) ?? [];
  return targets.flatMap((target) => {
    if (target.kind === 'file') return [target.path];
    if (target.kind !== 'lib') return [];
    const file = packages.get(`libs/${target.lib}`)?.exports?.[target.entry];
    return file === undefined ? [] : [`libs/${target.lib}/${file.replace('./', '')}`];
  });
}

function effectsIn(source: Source): Omit<Finding, 'cure'>[] {
  const modules = source.imports.filter(({ from, isErased }) => {
    const target = targetOf(source.path, from);
    return !isErased && (EFFECTS.test(from) || (target.kind === 'package' && EFFECTFUL.has(target.name)));
  });
  const changing = source.uses.filter(({ name }) => CHANGING.has(name));
  return [
    ...modules.map(({ from, line }) => ({ file: source.path, line, problem: `a plan reaches ${from}` })),
    ...changing.map(({ name, line }) => ({ file: source.path, line, problem: `a plan reaches ${name}` })),
  ];
}

/** How a plan got there: `plan.ts > a.ts > b.ts`. */
function trail(path: string, reachedBy: ReadonlyMap<string, string | undefined>): string {
  const before = reachedBy.get(path);
  return before === undefined ? path : `${trail(before, reachedBy)} > ${path}`;
}
