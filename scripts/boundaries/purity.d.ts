/**
 * Whatever a plan.ts reaches is pure: `faultline list` and `faultline plan` answer in milliseconds, with no engine, and
 * the same seed gives the same plan everywhere.
 */
import type { Finding } from '../source/finding.ts';
import type { Tree } from '../source/tree.ts';
type Facts = Pick<Tree, 'sources' | 'packages'>;
/** @param entries the files to begin at; every lib's plan.ts unless told. */
export declare function impurities(facts: Facts, entries?: readonly string[]): Finding[];
export {};
