/** Two columns of text: a name, and a sentence that is broken at spaces where the screen ends. */

const NARROWEST = 60;
const WIDEST = 120;

/** @param width of the first column. */
export function twoColumns(
  name: string,
  text: string,
  { width, indent = 2 }: { width: number; indent?: number },
): string {
  const room = Math.max(NARROWEST, Math.min(WIDEST, process.stdout.columns ?? WIDEST)) - indent - width - 2;
  const [first = '', ...rest] = broken(text, Math.max(20, room));
  const margin = ' '.repeat(indent + width + 2);
  const head = `${' '.repeat(indent)}${name.padEnd(width)}  ${first}`.trimEnd();
  return [head, ...rest.map((line) => `${margin}${line}`)].join('\n');
}

function broken(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
