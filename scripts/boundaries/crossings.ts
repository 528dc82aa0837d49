/** Imports that cross a wall: between rooms, past a lib's entries, or to a package that nobody declared. */
import type { Finding } from '../source/finding.ts';
import { isTest, type Source } from '../source/source.ts';
import type { Package, Tree } from '../source/tree.ts';
import { PROGRAMS, roomOf, type Room } from './edges.ts';
import { targetOf, type Target } from './target.ts';

type Packages = Tree['packages'];
type Objection = Omit<Finding, 'file' | 'line'>;
type Wall = (target: Target, source: Source, packages: Packages, isErased: boolean) => Objection | undefined;

const walls: readonly Wall[] = [undeclared, wrongEdge, pastTheEntries, outOfTheProgram];

export function crossings(source: Source, packages: Packages): Finding[] {
  return source.imports.flatMap(({ from, line, isErased }) => {
    const target = targetOf(source.path, from);
    return walls.flatMap((wall) => {
      const objection = wall(target, source, packages, isErased);
      return objection ? [{ file: source.path, line, ...objection }] : [];
    });
  });
}

function undeclared(target: Target, source: Source, packages: Packages, isErased: boolean): Objection | undefined {
  if (target.kind !== 'package' && target.kind !== 'lib') return undefined;
  const folder = folderOf(source.path);
  // Workspaces are linked into the root: its rooms need not declare the libs, the table says which they may use.
  if (folder === '.' && target.kind === 'lib') return undefined;
  const root = packages.get('.');
  const declared = {
    ...packages.get(folder)?.dependencies,
    ...(isTest(source) || folder === '.' ? root?.devDependencies : {}),
  };
  if (target.name in declared) return undefined;
  if (isErased && `@types/${target.name}` in declared) return undefined;
  const where = folder === '.' ? 'devDependencies of package.json' : `dependencies of ${folder}/package.json`;
  return { problem: `${target.name} is not declared`, cure: `add it to ${where} and to docs/decisions/` };
}

function wrongEdge(target: Target, source: Source): Objection | undefined {
  const room = roomOf(source.path);
  const other = target.kind === 'lib' ? target.lib : target.kind === 'file' ? roomOf(target.path)?.name : undefined;
  if (room === undefined || other === undefined) return undefined;
  if (other === room.name) {
    return target.kind === 'lib'
      ? { problem: `${other} imports itself by name`, cure: 'use a relative path' }
      : undefined;
  }
  if (target.kind === 'lib' && permits(room, target)) return undefined;
  if (target.kind === 'file' && room.mayImport.includes(other)) return undefined;
  const allowed = room.mayImport.join(', ') || 'nothing';
  return {
    problem: `${room.name} may not import ${other}`,
    cure: `use what it may: ${allowed} (scripts/boundaries/edges.ts)`,
  };
}

function permits(room: Room, { lib, entry }: { lib: string; entry: string }): boolean {
  return room.mayImport.includes(lib) || room.mayImport.includes(`${lib}${entry.slice(1)}`);
}

function pastTheEntries(target: Target, source: Source, packages: Packages): Objection | undefined {
  if (target.kind === 'file') {
    const [here, there] = [folderOf(source.path), folderOf(target.path)];
    if (here === there || there === '.') return undefined;
    return {
      problem: `a relative import into ${there}`,
      cure: `use ${packages.get(there)?.name ?? 'its package name'}`,
    };
  }
  if (target.kind !== 'lib') return undefined;
  const entries: Package['exports'] = packages.get(`libs/${target.lib}`)?.exports ?? {};
  if (target.entry in entries) return undefined;
  const offered = Object.keys(entries).map((entry) => target.name + entry.slice(1));
  return {
    problem: `${target.name}${target.entry.slice(1)} is no entry`,
    cure: `use ${offered.join(' or ') || 'another lib'}`,
  };
}

function outOfTheProgram(
  target: Target,
  source: Source,
  _packages: Packages,
  isErased: boolean,
): Objection | undefined {
  const program = PROGRAMS.find((folder) => source.path.startsWith(folder));
  if (program === undefined || isTest(source) || isErased || target.kind === 'node') return undefined;
  if (target.kind === 'file' && target.path.startsWith(program)) return undefined;
  return { problem: `${program} runs in a container, alone`, cure: 'use node: modules and files of that folder' };
}

/** The folder of the package that a file belongs to. */
const folderOf = (path: string): string => /^libs\/[^/]+/.exec(path)?.[0] ?? '.';
