/** Reads a history back: of a finished run, or of one that was cut off in the middle of a line. */
import { readFile } from 'node:fs/promises';
import type { Stamped } from './event.ts';
import { upgrade } from './upgrade.ts';

/**
 * All events of a history file, upgraded to today's version.
 *
 * A last line without its newline is what a power cut leaves: it is dropped. Any other line that is no JSON is an error.
 * @throws Error naming the file and the line.
 */
export async function readHistory(path: string): Promise<readonly Stamped[]> {
  return parseHistory(await readFile(path, 'utf8'), path);
}

export function parseHistory(text: string, path = 'history'): readonly Stamped[] {
  const lines = text.split('\n');
  lines.pop();
  const events = lines.map((line, index) => {
    try {
      return JSON.parse(line) as Stamped;
    } catch (cause) {
      throw new Error(
        `${path}:${index + 1}: not a JSON object. A history is written by \`faultline run\` and never edited.`,
        { cause },
      );
    }
  });
  return upgrade(events, path);
}
