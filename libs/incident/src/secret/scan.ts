/**
 * The last word before an archive is written. What is collected comes by an allow-list; this finds what the list let through,
 * and then nothing is written: a bundle that was wrong once must not leave the machine.
 */
import type { Files } from '../bundle/files.ts';
import { secretIn } from './pattern.ts';

export class SecretFoundError extends Error {
  override readonly name = 'SecretFoundError';
}

/** @throws SecretFoundError with file and line of each; never with what stands there. */
export function scan(files: Files): void {
  const found = [...files].flatMap(([file, text]) =>
    [text, file].flatMap((part, index) =>
      part.split('\n').flatMap((line, at) => {
        const what = secretIn(line);
        return what === undefined ? [] : [index === 0 ? `${file}:${at + 1}: ${what}` : `the name of a file: ${what}`];
      }),
    ),
  );
  if (found.length === 0) return;
  throw new SecretFoundError(
    `the bundle is not written: it would hold what looks like a secret.\n${found.map((one) => `  ${one}`).join('\n')}\n` +
      'Next: rename or remove it where it stands, or leave its namespace out (--namespace)',
  );
}
