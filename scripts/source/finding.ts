/** What a check of the code has to say: where, what, and what to do instead. */

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly problem: string;
  readonly cure: string;
}

export const inWords = ({ file, line, problem, cure }: Finding): string =>
  `${file}:${line}: error: ${problem}, ${cure}`;

/** Prints the findings, and fails the process where there are any. */
export function report(check: string, findings: readonly Finding[], examined: string): void {
  for (const finding of findings) console.log(inWords(finding));
  console.log(`${check}: ${examined}, ${findings.length === 0 ? 'no errors' : `${findings.length} errors`}`);
  if (findings.length > 0) process.exitCode = 1;
}
