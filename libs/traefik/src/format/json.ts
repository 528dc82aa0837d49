/** For programs: docs/lint/findings.schema.json describes it. */
import { SEVERITIES } from '../finding.ts';
import type { Report } from './report.ts';

/** Changed when a reader of the old one would misread the new one. */
const VERSION = 1;

export function asJson({ linted, from, to }: Report): string {
  const { findings, unreadable, objects } = linted;
  const counts = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length]),
  );
  return JSON.stringify({ version: VERSION, from, to, counts, objects, findings, unreadable }, null, 2);
}
