/** A YAML tree in a file: what stands at a path, where, and the edits that change it there and nowhere else. */
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Edit, Place } from './finding.ts';
import { fits, quoted } from './scalar.ts';

export type Path = readonly (string | number)[];

interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Where this tree's own text stands in the file: at the same offsets, but for YAML inside YAML. */
export interface Outer {
  readonly tree: Tree;
  readonly offset: (own: number) => number;
  /** Of the line in the file that an own offset is in, the beginning; of one at the end of the text, behind it. */
  readonly line: (own: number) => number;
  /** What every line of the tree is indented by in the file; undefined: the text cannot be edited in place. */
  readonly indent: number | undefined;
}

interface Parts {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly document: Document;
  readonly value: unknown;
  readonly base?: Path;
  readonly outer?: Outer | undefined;
}

export class Tree {
  readonly value: unknown;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.value = parts.value;
  }

  get text(): string {
    return this.#parts.text;
  }

  /** Where in its document this tree begins. */
  get base(): Path {
    return this.#parts.base ?? [];
  }

  /** The same file, seen from a path on. */
  under(path: Path): Tree {
    const base = [...this.base, ...path];
    return new Tree({ ...this.#parts, base, value: this.get(path) });
  }

  /** What stands at a path, or undefined. */
  get(path: Path): unknown {
    return path.reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      this.value,
    );
  }

  /** The value at a path; where a path is not there to be seen (a merge key), what is nearest above it. */
  place(path: Path): Place {
    const { pair, node } = this.#find(path);
    const span = spanOf(node) ?? spanOf(pair?.key) ?? { begin: 0, end: 1 };
    return this.at(span.begin, span.end);
  }

  /** The key at a path. */
  keyPlace(path: Path): Place {
    const { pair } = this.#find(path);
    const span = spanOf(pair?.key);
    return span ? this.at(span.begin, span.end) : this.place(path);
  }

  /** The place of a span of this tree's text. */
  at(begin: number, end: number): Place {
    const { outer, lines, file } = this.#parts;
    if (outer) return outer.tree.at(outer.offset(begin), Math.max(outer.offset(end), outer.offset(begin) + 1));
    const [first, last] = [lines.linePos(begin), lines.linePos(Math.max(begin, end))];
    return { file, line: first.line, column: first.col, endLine: last.line, endColumn: last.col };
  }

  /** The scalar or the sequence item at a path, replaced by a text as it is. */
  replace(path: Path, text: string): readonly Edit[] {
    const { node, exact } = this.#find(path);
    const span = spanOf(node);
    return exact && span ? this.#edit({ ...span, text }) : [];
  }

  /** A string in place of a string, in quotes that it needs. */
  replaceString(path: Path, text: string): readonly Edit[] {
    const { node, exact } = this.#find(path);
    if (!exact || !isScalar(node) || String(node.type).startsWith('BLOCK')) return [];
    return this.replace(path, quoted(text, String(node.type)));
  }

  /** A part of a string replaced by another; [] where it is not there once, or cannot be written so. */
  patch(path: Path, part: string, by: string): readonly Edit[] {
    const { node, exact } = this.#find(path);
    const span = spanOf(node);
    if (!exact || !span || !isScalar(node) || !fits(by, String(node.type))) return [];
    const at = this.#part(span, part);
    return at === undefined ? [] : this.#edit({ begin: at, end: at + part.length, text: by });
  }

  /** The place of a part of a string, or of all of it where that part is not to be found as it is. */
  partPlace(path: Path, part: string): Place {
    const span = spanOf(this.#find(path).node);
    const at = span && this.#part(span, part);
    return at === undefined ? this.place(path) : this.at(at, at + part.length);
  }

  #part({ begin, end }: Span, part: string): number | undefined {
    const written = this.text.slice(begin, end);
    const at = written.indexOf(part);
    return at >= 0 && written.indexOf(part, at + 1) < 0 ? begin + at : undefined;
  }

  rename(path: Path, key: string): readonly Edit[] {
    const { pair, exact } = this.#find(path);
    const span = spanOf(pair?.key);
    const isQuoted = isScalar(pair?.key) && pair.key.type === 'QUOTE_DOUBLE';
    return exact && span ? this.#edit({ ...span, text: isQuoted ? JSON.stringify(key) : key }) : [];
  }

  /** A whole entry, `key: value`, with its lines; [] where it shares a line with something else. */
  remove(path: Path): readonly Edit[] {
    return this.rewrite(path, []);
  }

  /** The entry replaced by lines, which are given without its indentation. */
  rewrite(path: Path, lines: readonly string[]): readonly Edit[] {
    const span = this.#lines(path);
    const { outer } = this.#parts;
    if (!span || (outer && outer.indent === undefined)) return [];
    const own = /^ */.exec(this.text.slice(span.begin, span.end))?.[0] ?? '';
    const margin = ' '.repeat(outer?.indent ?? 0) + own;
    const newline = (outer?.tree ?? this).text.includes('\r\n') ? '\r\n' : '\n';
    const text = lines.map((line) => (line === '' ? newline : `${margin}${line}${newline}`)).join('');
    return [outer ? { begin: outer.line(span.begin), end: outer.line(span.end), text } : { ...span, text }];
  }

  /** The lines of an entry without its indentation. */
  entry(path: Path): readonly string[] {
    const span = this.#lines(path);
    if (!span) return [];
    const lines = this.text
      .slice(span.begin, span.end)
      .replace(/\r?\n$/, '')
      .split(/\r?\n/);
    const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0;
    return lines.map((line) => line.slice(Math.min(indent, line.length - line.trimStart().length)));
  }

  /** Of a literal block (`|`): where its first line begins, and its indentation. */
  literal(path: Path): { readonly begin: number; readonly indent: number } | undefined {
    const { node } = this.#find(path);
    if (!isScalar(node) || node.type !== 'BLOCK_LITERAL' || !node.range) return undefined;
    const begin = this.text.indexOf('\n', node.range[0]) + 1;
    const theirs = this.text.slice(begin, node.range[1]);
    return { begin, indent: indentOf(theirs) - indentOf(String(node.value)) };
  }

  /** Where the value at a path begins. */
  start(path: Path): number {
    return spanOf(this.#find(path).node)?.begin ?? 0;
  }

  /** The whole lines that an entry of a map, or an item of a sequence, has for itself. */
  #lines(path: Path): Span | undefined {
    const { pair, node, parent, exact } = this.#find(path);
    if (!exact || (isCollection(parent) && parent.flow === true)) return undefined;
    const first = spanOf(pair?.key ?? node);
    const last = endOf(node) ?? first?.end;
    if (!first || last === undefined) return undefined;
    const begin = this.text.lastIndexOf('\n', first.begin - 1) + 1;
    if (!(pair ? /^ *$/ : /^ *- +$/).test(this.text.slice(begin, first.begin))) return undefined;
    // A block scalar ends behind its last newline, everything else before it.
    const newline = this.text[last - 1] === '\n' ? last - 1 : this.text.indexOf('\n', last);
    const end = newline < 0 ? this.text.length : newline + 1;
    return end <= last || /^\s*(#.*)?\s*$/.test(this.text.slice(last, end)) ? { begin, end } : undefined;
  }

  /** An edit within lines. */
  #edit({ begin, end, text }: Edit): readonly Edit[] {
    const { outer } = this.#parts;
    if (!outer) return [{ begin, end, text }];
    return outer.indent === undefined ? [] : [{ begin: outer.offset(begin), end: outer.offset(end), text }];
  }

  #find(path: Path): { pair: Pair | undefined; node: unknown; parent: unknown; exact: boolean } {
    let pair: Pair | undefined;
    let parent: unknown;
    let node: unknown = this.#parts.document.contents;
    for (const key of [...this.base, ...path]) {
      const within = this.#resolved(node);
      const next = isSeq(within) ? within.items[Number(key)] : undefined;
      const entry = isMap(within) ? within.items.findLast((item) => keyOf(item) === String(key)) : undefined;
      if (next === undefined && entry === undefined) return { pair, node, parent, exact: false };
      parent = within;
      pair = entry;
      node = entry ? entry.value : next;
    }
    return { pair, node, parent, exact: true };
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#parts.document) : node;
  }
}

const isCollection = (node: unknown): node is YAMLMap | YAMLSeq => isMap(node) || isSeq(node);

const indentOf = (text: string): number => /^(?:[ \t]*\r?\n)*( *)/.exec(text)?.[1]?.length ?? 0;

const keyOf = (item: unknown): string | undefined =>
  isPair(item) && isScalar(item.key) ? String(item.key.value) : undefined;

function spanOf(node: unknown): Span | undefined {
  const range = (node as Node | null | undefined)?.range;
  return range ? { begin: range[0], end: range[1] } : undefined;
}

/** The end of what is written: a block collection's own range takes in what follows it. */
function endOf(node: unknown): number | undefined {
  if (!isCollection(node) || node.flow === true) return spanOf(node)?.end;
  const last: unknown = node.items.at(-1);
  return (isPair(last) ? (endOf(last.value) ?? endOf(last.key)) : endOf(last)) ?? spanOf(node)?.end;
}
