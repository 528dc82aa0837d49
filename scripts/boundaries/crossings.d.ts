/** Imports that cross a wall: between rooms, past a lib's entries, or to a package that nobody declared. */
import type { Finding } from '../source/finding.ts';
import { type Source } from '../source/source.ts';
import type { Tree } from '../source/tree.ts';
type Packages = Tree['packages'];
/**
 * Programs that are copied into a container as they are: there is no node_modules there.
 * Each is a folder; its files import Node and each other.
 */
export declare const PROGRAMS: readonly string[];
export declare function crossings(source: Source, packages: Packages): Finding[];
export {};
