/** The page of a rule, docs/lint/<id>.md, and the list of them: made of the records, and of the rows that show them. */
import type { Check } from './check.ts';
import { SEVERITIES, type Severity } from './finding.ts';

/** The manifests of the rule's row in the corpus. */
export interface Example {
  readonly before: string;
  readonly after: string;
  /** Whether `--fix` makes the one into the other. */
  readonly isFixable: boolean;
}

const MEANING: Readonly<Record<Severity, string>> = {
  breaks: 'breaks: traffic is lost, or the upgrade does not happen',
  changes: 'changes: it goes on, otherwise than before',
  warns: 'warns: it works, and will not for ever',
};

export function pageOf(check: Check, { before, after, isFixable }: Example): string {
  return [
    `# ${check.id}: ${check.title}`,
    '',
    `**${MEANING[check.severity]}.** Since ${check.since}.`,
    '',
    check.explanation,
    '',
    '## Before',
    '',
    '```yaml',
    before.trimEnd(),
    '```',
    '',
    `## After${isFixable ? ', as `faultline lint --fix` writes it' : ': a person decides'}`,
    '',
    '```yaml',
    after.trimEnd(),
    '```',
    '',
    '## Where it was looked up',
    '',
    ...check.sources.map((source) => `- ${source}`),
    `- shown by libs/traefik/corpus/${check.row}`,
    '',
  ].join('\n');
}

export function listOf(checks: readonly Check[]): string {
  return [
    '# What `faultline lint` looks for',
    '',
    'Generated from libs/traefik/src/check: `npm run unit -- -u libs/traefik/src/page.test.ts` writes these pages again.',
    ...SEVERITIES.flatMap((severity) => [
      '',
      `## ${MEANING[severity]}`,
      '',
      ...checks
        .filter((check) => check.severity === severity)
        .map(({ id, title, since }) => `- [${id}](${id}.md): ${title}; since ${since}`),
    ]),
    '',
  ].join('\n');
}
