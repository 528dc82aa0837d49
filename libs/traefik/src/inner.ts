/** YAML inside YAML: the values of a Helm chart stand as one string in the object that sets them. */
import { LineCounter, parseDocument } from 'yaml';
import { Tree, type Outer, type Path } from './tree.ts';
import { causeOf, firstLine, MOST_ALIASES, type Unreadable } from './unreadable.ts';

/** @returns its tree, with places and edits in the outer file; undefined where there is no such string. */
export function innerTree(outer: Tree, path: Path): Tree | Unreadable | undefined {
  const text = outer.get(path);
  if (typeof text !== 'string') return undefined;
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      logLevel: 'silent',
      merge: true,
      strict: false,
      uniqueKeys: false,
    });
    const position = outerPosition(outer, path, text);
    const parts = { file: '', text, lines, document, outer: position };
    const [error] = document.errors;
    if (error) {
      const message = `${path.join('.')} is no YAML: ${firstLine(error.message)}`;
      return { place: new Tree({ ...parts, value: undefined }).at(error.pos[0], error.pos[1]), message };
    }
    return new Tree({ ...parts, value: document.toJS({ maxAliasCount: MOST_ALIASES }) });
  } catch (cause) {
    return { place: outer.place(path), message: `${path.join('.')}: ${causeOf(cause)}` };
  }
}

/** In a literal block (`|`) every line is as it stands; of other strings only the beginning is known. */
function outerPosition(outer: Tree, path: Path, text: string): Outer {
  const block = outer.literal(path);
  if (!block) {
    const start = outer.start(path);
    return { tree: outer, indent: undefined, offset: () => start, line: () => start };
  }
  const own = starts(text, 0);
  const theirs = starts(outer.text, block.begin);
  const begin = (line: number): number => theirs[line] ?? outer.text.length;
  return {
    tree: outer,
    indent: block.indent,
    offset: (at) => begin(lineOf(own, at)) + block.indent + at - (own[lineOf(own, at)] ?? 0),
    // A block that is chomped (`|-`) ends within its last line.
    line: (at) => begin(lineOf(own, at) + (at === text.length && !text.endsWith('\n') ? 1 : 0)),
  };
}

/** Offsets at which lines begin. */
function starts(text: string, from: number): readonly number[] {
  const found = [from];
  for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', at + 1)) found.push(at + 1);
  return found;
}

function lineOf(starting: readonly number[], at: number): number {
  let [low, high] = [0, starting.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starting[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
