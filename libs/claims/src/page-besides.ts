/** On the page besides claims: the lab, and how long it takes to ask. */
import { labFile, type LabResult } from './lab/result.ts';
import type { RunTime } from './run-time.ts';
import { SET_UPS } from './set-up.ts';

export function labSection(labs: readonly LabResult[]): readonly string[] {
  if (labs.length === 0) return [];
  const names = [...new Set(labs.flatMap(({ steps }) => steps.map(({ step }) => step)))];
  const head = labs.map((one) => `[${nodesOf(one)}, ${one.release}](evidence/claims/${labFile(one)})`);
  const rows = names.map((name) => {
    const steps = labs.map(({ steps: all }) => all.find(({ step }) => step === name));
    const said = steps.map((step) => (step ? `${step.holds ? 'so' : '**otherwise**'}: ${cell(step.saw)}` : 'not done'));
    return `| ${cell(name)} | ${cell(steps.find(Boolean)?.says ?? '')} | ${said.join(' | ')} |`;
  });
  return [
    '',
    '## The lab',
    '',
    'The lab of S4 with the userlist app, done step by step: `npx faultline claims --lab 3`, or on one node `--lab 1`.',
    '',
    `| step | the lab says | ${head.join(' | ')} |`,
    `|---|---|${labs.map(() => '---|').join('')}`,
    ...rows,
  ];
}

const nodesOf = ({ nodes }: LabResult): string => (nodes === 1 ? 'one node' : `${nodes} nodes`);

export function timesSection(runs: readonly RunTime[]): readonly string[] {
  if (runs.length === 0) return [];
  const seconds = (ms: number) => `${(ms / 1000).toFixed(0)} s`;
  const row = ({ setUp, release, questions, bootMs, wholeMs }: RunTime) =>
    `| ${setUp} | ${SET_UPS[setUp].what} | ${release} | ${questions} | ${seconds(bootMs)} | ${seconds(wholeMs)} |`;
  const minutes = (some: readonly RunTime[]) =>
    `${(some.reduce((sum, { wholeMs }) => sum + wholeMs, 0) / 60_000).toFixed(0)} minutes`;
  const quick = runs.filter(({ setUp }) => SET_UPS[setUp].quick);
  return [
    '',
    '## How long it takes to ask',
    '',
    `All that is below: ${minutes(runs)}; the quick half, \`--group quick\`: ${minutes(quick)}. On a host of two processors that had`,
    'other clusters to run meanwhile.',
    '',
    '| set-up | what it is | k3s | questions | until it was booted | until the last answer |',
    '|---|---|---|---:|---:|---:|',
    ...runs.map(row),
  ];
}

/** What a cluster said may hold anything; Markdown is to show it as it is. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[<>*_`[\]\\]/g, (sign) => `\\${sign}`)
    .slice(0, 600);

const cell = (text: string): string => oneLine(text).replaceAll('|', String.raw`\|`);
