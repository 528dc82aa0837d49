/** SARIF 2.1.0, as code scanning reads it: each rule once, each finding with its place and the edits that mend it. */
import { checks } from '../check/index.ts';
import type { Unreadable } from '../unreadable.ts';
import type { Edit, Finding, Place, Severity } from '../finding.ts';
import type { Report } from './report.ts';

const LEVEL: Readonly<Record<Severity, string>> = { breaks: 'error', changes: 'warning', warns: 'note' };

export function asSarif({ linted, from, to }: Report): string {
  const run = {
    tool: { driver: { name: 'faultline', semanticVersion: '0.1.0', rules: checks.map(ruleOf) } },
    properties: { from: from.k3s, to: to.k3s },
    // Otherwise columns are counted in code units of UTF-16, and so are ours.
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: linted.unreadable.length === 0,
        toolExecutionNotifications: linted.unreadable.map(notificationOf),
      },
    ],
    results: linted.findings.map(resultOf),
  };
  return JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2);
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

const ruleOf = ({ id, title, severity, explanation, since }: (typeof checks)[number]): object => ({
  id,
  shortDescription: { text: title },
  fullDescription: { text: explanation },
  help: { text: `Since ${since}. docs/lint/${id}.md` },
  defaultConfiguration: { level: LEVEL[severity] },
});

function resultOf({ rule, severity, place, message, advice, object, path, edits }: Finding): object {
  const name = [object.namespace, object.name].filter((part) => part !== '').join('/');
  return {
    ruleId: rule,
    ruleIndex: checks.findIndex(({ id }) => id === rule),
    level: LEVEL[severity],
    message: { text: `${message} ${advice}` },
    locations: [{ ...locationOf(place), logicalLocations: [{ fullyQualifiedName: `${object.kind} ${name} ${path}` }] }],
    ...(edits.length > 0 && { fixes: [fixOf(place.file, advice, edits)] }),
  };
}

const notificationOf = ({ place, message }: Unreadable): object => ({
  level: 'error',
  message: { text: message },
  locations: [locationOf(place)],
});

const locationOf = ({ file, line, column, endLine, endColumn }: Place): object => ({
  physicalLocation: {
    artifactLocation: { uri: uriOf(file) },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  },
});

const fixOf = (file: string, advice: string, edits: readonly Edit[]): object => ({
  description: { text: advice },
  artifactChanges: [
    {
      artifactLocation: { uri: uriOf(file) },
      replacements: edits.map(({ begin, end, text }) => ({
        deletedRegion: { charOffset: begin, charLength: end - begin },
        insertedContent: { text },
      })),
    },
  ],
});

const uriOf = (file: string): string => file.split('/').map(encodeURIComponent).join('/');
