/**
 * A test of the code itself: `npm run tidy`. Each rule is a small pure function, and each finding says what to do:
 * `file:line: error: X, use Y`. Functions over 70 lines are the linter's business (.oxlintrc.json).
 */
import { report } from './source/finding.ts';
import { readTree } from './source/tree.ts';
import { fileRules } from './tidy/file-rules.ts';
import { treeRules } from './tidy/tree-rules.ts';

const tree = await readTree();
const findings = [
  ...tree.sources.flatMap((source) => fileRules.flatMap((rule) => rule(source))),
  ...treeRules.flatMap((rule) => rule(tree)),
];
report('tidy', findings, `${tree.files.length} files, ${fileRules.length + treeRules.length} rules`);
