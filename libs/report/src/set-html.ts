/** report.html of a set: several runs of one cell on one cluster. */
import { seconds, type ProbeDistribution, type SetVerdict } from '@faultline/checker';
import { unbroken } from './clean.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import { link, page } from './page.ts';
import {
  counted,
  exceptions,
  intervalOf,
  judgedProbe,
  lostShare,
  outcomeOf,
  setHeadline,
  span,
  told,
  typical,
} from './set.ts';
import { strip } from './strip.ts';
import { missing, name, NONE, section, table } from './table.ts';

export function renderSetHtml(set: SetVerdict): string {
  const outcome = outcomeOf(set);
  const judged = judgedProbe(set);
  const facts = {
    'data-outcome': outcome,
    'data-set': set.set,
    'data-runs': set.runs.length,
    'data-probe': judged?.probe,
    'data-median-ms': judged?.outage ? String(judged.outage.median) : undefined,
  };
  const body = tag(
    'main',
    facts,
    head(set),
    figures(set, judged),
    plot(set),
    stages(set),
    probes(set),
    runs(set),
    place(set),
  );
  return page(`${outcome}: ${setHeadline(set)}`, body);
}

function head(set: SetVerdict): Markup {
  const { cell, versions, scenario, label } = set;
  const substrate = `${cell['substrate'] ?? ''} ${versions['k3s'] ?? ''}`.trim();
  const factors = Object.entries(cell).flatMap(([factor, value]) => (factor === 'substrate' ? [] : [value]));
  const outcome = outcomeOf(set);
  return tag(
    'header',
    {},
    tag('p', { class: 'where' }, tag('b', {}, substrate || label), ` ${['', ...factors, scenario].join(' · ')}`),
    tag('span', { class: `badge ${outcome}` }, outcome),
    tag('h1', {}, unbroken(setHeadline(set))),
    tag('p', { class: 'reason' }, `${set.runs.length} runs on one cluster, one after the other: ${counted(set)}.`),
  );
}

function figures(set: SetVerdict, judged: ProbeDistribution | undefined): Markup {
  if (!judged) return NOTHING;
  const { envelope, ratio, complete, splitBrain, runs: all } = set;
  const { outage } = judged;
  const items: readonly (readonly [string, string, string])[] = [
    ['Median outage', typical(judged), [judged.probe, ...exceptions(judged)].join(', ')],
    [
      'Interval of the median',
      outage ? intervalOf(outage) : NONE,
      outage ? `all from ${span(outage.least, outage.most)}` : '',
    ],
    [
      'Measured / expected',
      ratio ? ratio.value.toFixed(2) : NONE,
      envelope ? `expected ${span(envelope.atLeastMs, envelope.atMostMs)}` : 'nothing is promised',
    ],
    ['Complete timelines', `${complete.runs} of ${complete.of}`, 'every stage with a time or its reason, in order'],
    ['Two owners at once', `${splitBrain} of ${all.length}`, 'runs with a split brain'],
  ];
  const cells = items.map(([term, value, small]) =>
    tag('div', {}, tag('dt', {}, term), tag('dd', {}, value, tag('small', {}, small))),
  );
  return tag('dl', { class: 'figures' }, ...cells);
}

function plot(set: SetVerdict): Markup {
  const { envelope, probes: all } = set;
  const shown = all.filter(({ layer }) => layer !== 'pod' && layer !== 'control');
  if (shown.length === 0) return NOTHING;
  const rows = shown.map((probe) => ({
    label: probe.probe,
    values: probe.outage,
    band: envelope,
    figure: probe.outage ? typical(probe) : '',
    alarm: probe.outage ? exceptions(probe)[0] : typical(probe),
  }));
  const theory = envelope
    ? ` Green: what the load balancer's settings promise, dashed its median. Formula: ${envelope.formula}`
    : '';
  const note = `The longest outage that the fault caused: one dot a run. Upright line: the median; across: its interval.${theory}`;
  return section('The outage, run by run', note, tag('figure', {}, strip(rows, 'Outages of every probe')));
}

function stages({ stages: all }: SetVerdict): Markup {
  if (all.length === 0) return NOTHING;
  const rows = all.map(({ stage, at, missing: reasons }) => {
    const why = missing(
      Object.entries(reasons)
        .map(([reason, count]) => `${count} ×: ${reason}`)
        .join('; '),
    );
    if (!at) return [name(stage), missing(NONE), NONE, NONE, '0', why];
    return [name(stage), seconds(at.median), intervalOf(at), span(at.least, at.most), String(at.values.length), why];
  });
  const columns = ['stage', 'median', 'interval of it', 'least to most', 'runs', 'missing, and why'];
  const note = 'Seconds from the fault in force, of the runs that were conclusive.';
  return section('The failover, stage by stage', note, table(columns, rows, [1, 2, 3, 4]));
}

function probes({ probes: all }: SetVerdict): Markup {
  const rows = all.map((probe) => {
    const { outage } = probe;
    const figure = (value: number | null | undefined): string =>
      value === null || value === undefined ? NONE : seconds(value);
    return [
      name(probe.probe),
      outage ? seconds(outage.median) : missing(typical(probe)),
      outage ? intervalOf(outage) : NONE,
      outage ? span(outage.least, outage.most) : NONE,
      figure(outage?.p90),
      String(told(probe)),
      String(probe.neverEnded),
      String(probe.unharmed),
      lostShare(probe),
    ];
  });
  const columns = [
    'probe',
    'median',
    'interval of it',
    'least to most',
    'p90',
    'runs',
    'not until healed',
    'unharmed',
    'lost',
  ];
  const coverage = all.find(({ outage }) => outage?.interval)?.outage?.interval?.coverage;
  const note =
    `Intervals are distribution-free${coverage === undefined ? '' : `, with ${(coverage * 100).toFixed(1)} % certainty`}; ` +
    'left out, as p90 is, where there are too few runs. Lost: of what was sent while the fault was in force.';
  return section('What clients went through', note, table(columns, rows, [1, 2, 3, 4, 5, 6, 7, 8]));
}

function runs({ runs: all }: SetVerdict): Markup {
  const rows = all.map(({ folder, seed, outcome, reason }) => [
    name(link(`${folder}/report.html`, folder)),
    String(seed),
    { text: outcome, is: outcome },
    reason,
  ]);
  return section('The runs', '', table(['run', 'seed', 'outcome', 'why'], rows, [1]));
}

function place({ command, versions, commit, dirty, set }: SetVerdict): Markup {
  const rows = [
    ['set', set],
    ['commit', `${commit ?? 'unknown'}${dirty ? ', with uncommitted changes' : ''}`],
    ...Object.entries(versions),
  ].map(([key = '', value = '']) => [name(key), value]);
  return group(
    section('Do it again', '', tag('pre', { class: 'command' }, command)),
    section('Where it ran', '', table(['', ''], rows)),
  );
}
