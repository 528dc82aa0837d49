/**
 * A source file as the checks see it: what it imports, and which names of the platform it uses.
 *
 * Parsed, not searched: a word in a comment or in a string is no use of it.
 */
import { parseSync, Visitor, type Expression, type Span } from 'oxc-parser';

export interface Import {
  readonly from: string;
  readonly line: number;
  /** `import type`: nothing is left of it when the program runs. */
  readonly isErased: boolean;
}

/** A call, a member or a construction by its dotted name: `Date.now`, `setTimeout()`, `new Date()`, `shell: true`. */
export interface Use {
  readonly name: string;
  readonly line: number;
}

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly uses: readonly Use[];
  /** What the parser objects to. */
  readonly errors: readonly string[];
}

export const isTest = ({ path }: Pick<Source, 'path'>): boolean => /\.(test|suite)\.ts$/.test(path);

export function parse(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  const lineOf = lineCounter(text);
  const imports: Import[] = [];
  const uses: Use[] = [];
  const use = (name: string, { start }: Span): unknown => uses.push({ name, line: lineOf(start) });
  const from = (source: { value: unknown }, { start }: Span, kind?: string): unknown =>
    imports.push({ from: String(source.value), line: lineOf(start), isErased: kind === 'type' });

  new Visitor({
    ImportDeclaration: (node) => from(node.source, node, node.importKind),
    ExportAllDeclaration: (node) => from(node.source, node, node.exportKind),
    ExportNamedDeclaration: (node) => node.source && from(node.source, node, node.exportKind),
    ImportExpression: (node) => node.source.type === 'Literal' && from(node.source, node),
    TSImportType: (node) => from(node.source, node, 'type'),
    CallExpression: (node) => use(`${dotted(node.callee)}()`, node),
    NewExpression: (node) => use(`new ${dotted(node.callee)}(${node.arguments.length === 0 ? '' : '…'})`, node),
    MemberExpression: (node) => use(dotted(node), node),
    Property: (node) => {
      if (node.key.type !== 'Identifier' || node.value.type !== 'Literal') return;
      use(`${node.key.name}: ${String(node.value.value)}`, node);
    },
  }).visit(program);
  return { path, text, imports, uses, errors: errors.map(({ message }) => message) };
}

function dotted(node: Expression): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed) return '…';
  const object = dotted(node.object);
  return object === 'globalThis' ? node.property.name : `${object}.${node.property.name}`;
}

function lineCounter(text: string): (offset: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (offset) => ends.filter((end) => end < offset).length + 1;
}
