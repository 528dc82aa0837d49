/** What can be kept as evidence, how it is recognised, and its row in the table. */
import type { BackendComparison, FaultTable, SetVerdict, Verdict } from '@faultline/checker';
import { backendsHeadline, claims, comparisonHeadline, faultTableHeadline, setHeadline } from '@faultline/report';
import { upgradesHeadline, type Upgrades } from '@faultline/upgrade';

export interface Kind {
  readonly name: string;
  /** The folder holds one of these when this file is in it, and it says what it is. */
  readonly mark: string;
  /** All of them are kept. */
  readonly files: readonly string[];
  /** Kept where they are: what another instrument said of the run. */
  readonly also: readonly string[];
  /** What the row links to. */
  readonly page: string;
  row(content: unknown): Row;
}

export interface Row {
  readonly on: string;
  readonly verdict: string;
  readonly saw: string;
}

/** In this order: a folder of many is recognised by the most that it is. */
export const KINDS: readonly Kind[] = [
  {
    name: 'comparison',
    mark: 'comparison.json',
    files: ['comparison.json', 'comparison.html', 'summary.md'],
    also: [],
    page: 'summary.md',
    row: (content) =>
      Array.isArray(content)
        ? rowOfComparison(content as readonly SetVerdict[])
        : rowOfBackends(content as BackendComparison),
  },
  {
    name: 'table of faults',
    mark: 'faults.json',
    files: ['faults.json', 'faults.html', 'summary.md'],
    also: [],
    page: 'summary.md',
    row: (content) => rowOfFaults(content as FaultTable),
  },
  {
    name: 'clocks',
    mark: 'clocks.json',
    files: ['clocks.json', 'clocks.html'],
    also: [],
    page: 'clocks.html',
    row: (content) => rowOfClocks(content as readonly LabelledVerdict[]),
  },
  {
    name: 'set of upgrades',
    mark: 'upgrades.json',
    files: ['upgrades.json', 'summary.md'],
    also: [],
    page: 'summary.md',
    row: (content) => rowOfUpgrades(content as Upgrades),
  },
  {
    name: 'set',
    mark: 'set.json',
    files: ['set.json', 'report.html', 'summary.md'],
    also: [],
    page: 'summary.md',
    row: (content) => rowOfSet(content as SetVerdict),
  },
  {
    name: 'run',
    mark: 'verdict.json',
    files: ['verdict.json', 'plan.json', 'report.html', 'summary.md'],
    also: ['cross-check.txt', 'upgrade.json'],
    page: 'summary.md',
    row: (content) => rowOfRun(content as Judged),
  },
];

/** Of a verdict of any version. */
type Judged = Pick<Verdict, 'headline' | 'outcome' | 'substrate' | 'versions' | 'cell'>;

interface LabelledVerdict {
  readonly label: string;
  readonly verdict: Judged;
}

function rowOfRun({ headline, outcome, substrate, versions, cell }: Judged): Row {
  return {
    on: placeOf(substrate, versions, `${cell['backend']}, ${cell['loadBalancer']}`),
    verdict: outcome,
    saw: headline,
  };
}

function rowOfSet(set: SetVerdict): Row {
  const { cell, versions, label } = set;
  return {
    on: placeOf(cell['substrate'] ?? '', versions, `${cell['backend']}, ${label}`),
    verdict: counted([set]),
    saw: setHeadline(set),
  };
}

function rowOfComparison(sets: readonly SetVerdict[]): Row {
  const places = sets.map(({ cell, versions }) => placeOf(cell['substrate'] ?? '', versions, ''));
  return { on: [...new Set(places)].join(', '), verdict: counted(sets), saw: comparisonHeadline(sets) };
}

/** Of backends there is no verdict: a difference is neither good nor bad. */
function rowOfBackends(comparison: BackendComparison): Row {
  const { substrate, versions, backends, ratios } = comparison;
  const names = backends.map(({ backend }) => backend).join(', ');
  const shown = `${claims(comparison).length} of ${ratios.length} ratios differ from 1`;
  return { on: placeOf(substrate, versions, names), verdict: shown, saw: backendsHeadline(comparison) };
}

function rowOfFaults(faults: FaultTable): Row {
  const told = Object.entries(faults.counts).map(([outcome, count]) => `${outcome} ${count}`);
  return { on: faults.versions.join(', '), verdict: told.join(', '), saw: faultTableHeadline(faults) };
}

function rowOfClocks(runs: readonly LabelledVerdict[]): Row {
  const places = runs.map(({ verdict: { substrate, versions } }) => placeOf(substrate, versions, ''));
  const outcomes = [...new Set(runs.map(({ verdict }) => verdict.outcome))];
  const saw = runs.map(({ label, verdict }) => `${label}: ${verdict.headline}`).join(' ');
  return { on: [...new Set(places)].join(', '), verdict: outcomes.join(', '), saw };
}

function rowOfUpgrades(upgrades: Upgrades): Row {
  const outcomes = Map.groupBy(upgrades.runs, ({ outcome }) => outcome);
  const verdict = [...outcomes].map(([outcome, all]) => `${outcome} ${all.length}`).join(', ');
  return { on: `k3s ${upgrades.from} to ${upgrades.to}`, verdict, saw: upgradesHeadline(upgrades) };
}

function placeOf(substrate: string, versions: Readonly<Record<string, string>>, rest: string): string {
  return `${substrate} ${versions['k3s'] ?? ''} ${rest}`.replaceAll(/\s+/g, ' ').trim();
}

/** `pass 48, fail 2`. */
function counted(sets: readonly SetVerdict[]): string {
  const outcomes = (['pass', 'fail', 'inconclusive'] as const).map(
    (outcome) => [outcome, sets.reduce((sum, { counts }) => sum + counts[outcome], 0)] as const,
  );
  return outcomes.flatMap(([outcome, count]) => (count > 0 ? [`${outcome} ${count}`] : [])).join(', ');
}

/** A row for each topic, in the order of their names. */
export function tableOf(kept: readonly { readonly topic: string; readonly page: string; readonly row: Row }[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
  const rows = kept
    .toSorted((a, b) => a.topic.localeCompare(b.topic))
    .map(
      ({ topic, page, row: { on, verdict, saw } }) =>
        `| [${topic}](${topic}/${page}) | ${cell(on)} | ${verdict} | ${cell(saw)} |`,
    );
  return [
    '# Evidence',
    '',
    'What runs wrote, never edited: a link in it to a run that was not kept leads nowhere. This table is made from their',
    'verdicts by `npm run evidence`.',
    '',
    '| run | on | verdict | what clients saw |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
