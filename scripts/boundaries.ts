/**
 * Checks who imports whom: `npm run boundaries`. With `--table`, prints the table of docs/whats-here.md instead.
 */
import { crossings } from './boundaries/crossings.ts';
import { table } from './boundaries/edges.ts';
import { impurities } from './boundaries/purity.ts';
import { report } from './source/finding.ts';
import { readTree } from './source/tree.ts';

if (process.argv.includes('--table')) {
  console.log(table());
} else {
  const tree = await readTree();
  const findings = [...tree.sources.flatMap((source) => crossings(source, tree.packages)), ...impurities(tree)];
  report('boundaries', findings, `${tree.sources.length} files`);
}
