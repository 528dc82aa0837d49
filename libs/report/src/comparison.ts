/** Sets side by side: one row of words each. What both the page and the summary of a comparison say. */
import { seconds, type SetVerdict, type Stage } from '@faultline/checker';
import { mechanismOf } from './mechanism.ts';
import { exceptions, intervalOf, judgedProbe, lostShare, setHeadline, span, told, typical } from './set.ts';
import type { StripRow } from './strip.ts';
import { NONE } from './table.ts';

/** The stages that have a column, and what it is called. */
export const COLUMNS: Readonly<Partial<Record<Stage, string>>> = {
  detected: 'detected',
  'new owner': 'new owner',
  'first gratuitous ARP': 'first gratuitous ARP',
  'neighbour updated': 'neighbour updated',
  'first UDP': 'first UDP',
  'first TCP': 'first TCP',
  'first HTTP': 'first HTTP',
};

/** A figure, and the numbers of the footnotes that say what is missing from it. */
export interface Figure {
  readonly text: string;
  readonly notes: readonly number[];
}

export interface ComparisonRow {
  readonly label: string;
  readonly mechanism: string;
  readonly runs: string;
  readonly stages: readonly Figure[];
  readonly probe: string;
  readonly outage: Figure;
  readonly interval: string;
  readonly range: string;
  readonly theory: Figure;
  readonly ratio: string;
  readonly lost: string;
  readonly split: string;
  readonly hasSplit: boolean;
  readonly sentence: string;
}

export interface Comparison {
  readonly rows: readonly ComparisonRow[];
  /** In the order of their numbers, from 1. */
  readonly footnotes: readonly string[];
  readonly strips: readonly StripRow[];
}

export function comparison(sets: readonly SetVerdict[]): Comparison {
  const footnotes: string[] = [];
  const note = (text: string): number => {
    if (!footnotes.includes(text)) footnotes.push(text);
    return footnotes.indexOf(text) + 1;
  };
  // What promises nothing is held against the same probe as the others.
  const wanted = sets.find(({ envelope }) => envelope !== null)?.envelope?.probe;
  return {
    rows: sets.map((set) => rowOf(set, wanted, note)),
    footnotes,
    strips: sets.map((set) => stripOf(set, wanted)),
  };
}

/** `metallb-l2 5.54 s, servicelb not until healed: 10 of 10 (edge-tcp)`. */
export function comparisonHeadline(sets: readonly SetVerdict[]): string {
  const { rows } = comparison(sets);
  const probes = [...new Set(rows.map(({ probe }) => probe))].join(', ');
  return `${rows.map(({ label, outage }) => `${label} ${outage.text}`).join(', ')} (${probes})`;
}

type Note = (text: string) => number;

function rowOf(set: SetVerdict, wanted: string | undefined, note: Note): ComparisonRow {
  const { label, cell, runs, counts, envelope, ratio, splitBrain } = set;
  const probe = judgedProbe(set, wanted);
  const outage = probe?.outage;
  const doubtful = counts.inconclusive > 0 ? ` (${counts.inconclusive} inconclusive)` : '';
  return {
    label,
    mechanism: mechanismOf(cell['loadBalancer']),
    runs: `${runs.length}${doubtful}`,
    stages: (Object.keys(COLUMNS) as Stage[]).map((stage) => stageOf(set, stage, note)),
    probe: probe?.probe ?? NONE,
    outage: {
      text: probe ? typical(probe) : NONE,
      notes: probe ? exceptions(probe).map((text) => note(`${label}: ${text}, left out of the median`)) : [],
    },
    interval: outage ? intervalOf(outage) : NONE,
    range: outage ? span(outage.least, outage.most) : NONE,
    theory: envelope
      ? { text: theoryOf(envelope), notes: [note(envelope.formula)] }
      : { text: NONE, notes: [note(`${label}: its settings promise nothing`)] },
    ratio: ratio ? ratio.value.toFixed(2) : NONE,
    lost: probe ? lostShare(probe) : NONE,
    split: `${splitBrain} of ${runs.length}`,
    hasSplit: splitBrain > 0,
    sentence: setHeadline(set, wanted),
  };
}

function theoryOf({ atLeastMs, medianMs, atMostMs }: NonNullable<SetVerdict['envelope']>): string {
  return [atLeastMs, medianMs, atMostMs].map((ms) => (ms / 1000).toFixed(1)).join(' – ');
}

/** The median over the runs; why there is none, or none in some runs, is in the footnotes. */
function stageOf({ stages, runs }: SetVerdict, wanted: Stage, note: Note): Figure {
  const found = stages.find(({ stage }) => stage === wanted);
  if (!found) return { text: NONE, notes: [note('the fault did not strike the machine that held the address')] };
  const all = Object.entries(found.missing);
  const isAlways = found.at === null && all.length === 1;
  const notes = all.map(([reason, count]) => note(isAlways ? reason : `in ${count} of ${runs.length} runs: ${reason}`));
  return { text: found.at ? seconds(found.at.median) : NONE, notes };
}

function stripOf(set: SetVerdict, wanted: string | undefined): StripRow {
  const probe = judgedProbe(set, wanted);
  const isMoving = probe !== undefined && (probe.outage !== null || probe.neverEnded + probe.unharmed > 0);
  return {
    label: set.label,
    values: probe?.outage ?? null,
    band: set.envelope,
    figure: probe?.outage ? `${typical(probe)}, n ${told(probe)}` : '',
    alarm: probe?.outage ? exceptions(probe)[0] : isMoving ? typical(probe) : 'nothing was measured',
  };
}

export const COMPARISON_NOTE: string =
  'Medians over the runs, seconds from the fault in force. Outage: the longest that the fault caused, with the ' +
  'distribution-free interval of its median. Theory: least, median and most that the settings promise, seconds. ' +
  'Measured / theory counts, as a promise does, from the begin of the fault: a killed machine forwards for a moment yet.';
