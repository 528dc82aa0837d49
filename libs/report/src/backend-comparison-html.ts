/** comparison.html of backends: rows are paths, columns backends, and every ratio has its interval. */
import type { Ask, BackendComparison, BenchPath, Quantity } from '@faultline/checker';
import {
  BACKENDS_NOTE,
  backendsHeadline,
  called,
  claims,
  figure,
  PATH_ORDER,
  pathName,
  pooledText,
  ratioText,
  silences,
  spread,
  THROUGHPUT_NOTE,
  valuesOf,
} from './backend-comparison.ts';
import { unbroken } from './clean.ts';
import { dots, type DotRow } from './backend-dots.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import { page } from './page.ts';
import { name, NONE, section, table, type Cell } from './table.ts';

export function renderBackendsHtml(comparison: BackendComparison): string {
  const { substrate, versions, loadBalancer, backends } = comparison;
  const names = backends.map(({ backend }) => backend);
  const body = tag(
    'main',
    { class: 'wide', 'data-backends': names.join(' '), 'data-differs': claims(comparison).length },
    tag(
      'header',
      {},
      tag(
        'p',
        { class: 'where' },
        tag('b', {}, 'backends compared'),
        ` · ${substrate} ${versions['k3s'] ?? ''} · ${loadBalancer}`,
      ),
      tag('h1', {}, unbroken(backendsHeadline(comparison))),
      tag('p', { class: 'reason' }, howMeasured(comparison)),
    ),
    section('A request: GET on a new connection, answered by the app', BACKENDS_NOTE, latencies(comparison, 'request')),
    section('A connection: the handshake that the kernel answers', '', latencies(comparison, 'connect')),
    section('Throughput, and what it costs', THROUGHPUT_NOTE, throughput(comparison)),
    section(
      'Every repeat',
      'One dot a repeat. Upright line: the median; across: its interval.',
      ...(['request p50', 'request p99', 'connect p50', 'throughput', 'CPU'] as const).map((one) =>
        plot(comparison, one),
      ),
    ),
    section('What is shown to differ', '', list(claims(comparison), 'Nothing: no interval leaves out equality.')),
    section('What is not said, and why', '', list(unsaid(comparison), 'Nothing was left out.')),
    place(comparison),
  );
  return page(`${names.join(', ')} compared`, body);
}

export function howMeasured({ repeats, rateHz, latencySeconds, throughputSeconds, seed }: BackendComparison): string {
  return (
    `${repeats} repeats, all clusters up at once and measured in turns, in an order drawn from the seed ${seed}. Each turn: both ` +
    `asks ${rateHz} times a second for ${latencySeconds} s, and iperf3 for ${throughputSeconds} s.`
  );
}

export function unsaid(comparison: BackendComparison): readonly string[] {
  return [
    ...comparison.skipped.map(({ what, reason }) => `skipped: ${pathName(what)}: ${reason}`),
    ...busy(comparison),
    ...gaps(comparison),
    ...silences(comparison),
    ...losses(comparison),
    ...comparison.limits,
  ];
}

/** Two idle clusters take a quarter of a processor each. */
const QUIET_CPUS = 1;

function busy({ idleCpus }: BackendComparison): readonly string[] {
  if (!idleCpus || idleCpus.median < QUIET_CPUS) return [];
  const cpus = `${figure(idleCpus.median)} processors`;
  return [
    `The host was not quiet: ${cpus} were busy with something else. Ratios hold, for it struck all alike; the figures are a busy ` +
      'host’s, and the processor time of tests in which hardly any was left for them is not told.',
  ];
}

function gaps({ gaps: all }: BackendComparison): readonly string[] {
  return [...Map.groupBy(all, ({ path, backend }) => `${backend}, ${pathName(path)}`)].map(([which, of]) => {
    const told = of.map(({ quantity, missing, of: repeats }) => `${called(quantity)} in ${missing} of ${repeats}`);
    return `${which}: no value of ${told.join(', ')} repeats: too many without an answer, too few samples, or a host too busy to tell`;
  });
}

function losses({ losses: all }: BackendComparison): readonly string[] {
  return [...Map.groupBy(all, ({ backend, ask }) => `${backend}, ${ask}s on all paths`)].flatMap(([which, of]) => {
    const [sent, lost, late] = (['sent', 'lost', 'late'] as const).map((key) =>
      of.reduce((sum, one) => sum + one[key], 0),
    ) as [number, number, number];
    const unanswered = lost > 0 ? [`${lost} of ${sent} had no good answer, and count as slower than all that had`] : [];
    const never = late > 0 ? [`${late} were never sent, because the prober was held up, and have no latency`] : [];
    return lost + late > 0 ? [`${which}: ${[...unanswered, ...never].join('; ')}`] : [];
  });
}

function latencies(comparison: BackendComparison, ask: Ask): Markup {
  const names = comparison.backends.map(({ backend }) => backend);
  const head = [
    'path',
    ...names.flatMap((backend) => ['p50', 'p90', 'p99', 'p99.9'].map((quantile) => `${backend} ${quantile}`)),
    ...ratioHeads(comparison, ['p50', 'p99']),
  ];
  const rows = PATH_ORDER.flatMap((path) => {
    if (names.every((backend) => !valuesOf(comparison, { path, backend, quantity: `${ask} p50` }))) return [];
    const figures = names.flatMap((backend) => [
      ...(['p50', 'p90', 'p99'] as const).map((quantile) =>
        cell(comparison, { path, backend, quantity: `${ask} ${quantile}` }),
      ),
      tail(comparison, { path, backend, ask }),
    ]);
    return [[name(pathName(path)), ...figures, ...ratios(comparison, path, [`${ask} p50`, `${ask} p99`])]];
  });
  return compact(head, rows);
}

function throughput(comparison: BackendComparison): Markup {
  const names = comparison.backends.map(({ backend }) => backend);
  const columns: readonly (readonly [Quantity, string])[] = [
    ['throughput', 'Gbit/s'],
    ['CPU', 's/GB'],
  ];
  const head = [
    'path',
    ...columns.flatMap(([, unit]) => names.map((backend) => `${backend}, ${unit}`)),
    ...ratioHeads(comparison, ['Gbit/s', 's/GB']),
  ];
  const rows = PATH_ORDER.flatMap((path) => {
    if (names.every((backend) => !valuesOf(comparison, { path, backend, quantity: 'throughput' }))) return [];
    const figures = columns.flatMap(([quantity]) =>
      names.map((backend) => cell(comparison, { path, backend, quantity })),
    );
    return [[name(pathName(path)), ...figures, ...ratios(comparison, path, ['throughput', 'CPU'])]];
  });
  return compact(head, rows);
}

function compact(head: readonly string[], rows: readonly (readonly (string | Cell)[])[]): Markup {
  return tag('div', { class: 'compact' }, table(head, rows, head.map((_, index) => index).slice(1)));
}

function ratioHeads({ backends: [first, ...others] }: BackendComparison, whats: readonly string[]): readonly string[] {
  return others.flatMap(({ backend }) => whats.map((what) => `${backend} / ${first?.backend ?? ''}, ${what}`));
}

function ratios(
  { ratios: all, backends }: BackendComparison,
  path: BenchPath,
  of: readonly Quantity[],
): readonly Cell[] {
  return backends.slice(1).flatMap(({ backend }) =>
    of.map((quantity): Cell => {
      const found = all.find((one) => one.path === path && one.quantity === quantity && one.backend === backend);
      if (!found) return { text: NONE, is: 'missing' };
      return { text: found.differs ? tag('b', {}, ratioText(found)) : ratioText(found), is: '' };
    }),
  );
}

function cell(comparison: BackendComparison, at: Parameters<typeof valuesOf>[1]): Cell {
  const values = valuesOf(comparison, at);
  if (!values) return { text: NONE, is: 'missing' };
  return { text: group(figure(values.median), tag('small', {}, spread(values))), is: '' };
}

function tail(comparison: BackendComparison, at: { path: BenchPath; backend: string; ask: Ask }): Cell {
  const found = pooledText(comparison, { ...at, quantile: 0.999 });
  return found ? { text: group(found.value, tag('small', {}, found.interval)), is: '' } : { text: NONE, is: 'missing' };
}

const UNITS: Readonly<Partial<Record<Quantity, string>>> = { throughput: 'Gbit/s', CPU: 's/GB' };

function plot(comparison: BackendComparison, quantity: Quantity): Markup {
  const rows = PATH_ORDER.flatMap((path) =>
    comparison.backends.flatMap(({ backend }, index): readonly DotRow[] => {
      const values = valuesOf(comparison, { path, backend, quantity });
      return values ? [{ group: index === 0 ? pathName(path) : '', label: backend, values }] : [];
    }),
  );
  if (rows.length === 0) return NOTHING;
  const unit = UNITS[quantity] ?? 'ms';
  const title = quantity === 'CPU' ? 'Processor time for a gigabyte' : quantity;
  return group(tag('h3', {}, `${title}, ${unit}`), tag('figure', {}, dots(rows, { title, unit })));
}

function list(lines: readonly string[], none: string): Markup {
  if (lines.length === 0) return tag('p', { class: 'note' }, none);
  return tag('ul', { class: 'plain' }, ...lines.map((line) => tag('li', {}, unbroken(line))));
}

function place({
  command,
  versions,
  commit,
  dirty,
  comparison,
  backends,
  idleCpus,
  retransmits,
}: BackendComparison): Markup {
  const rows = [
    ['comparison', comparison],
    ['commit', `${commit ?? 'unknown'}${dirty ? ', with uncommitted changes' : ''}`],
    ...Object.entries(versions),
    ...backends.map(({ backend, placement, podMtu }) => [
      backend,
      [`MTU of pods ${podMtu}`, ...Object.entries(placement).map(([role, node]) => `${role} on ${node}`)].join(', '),
    ]),
    ['busy with nothing measured', idleCpus ? `${figure(idleCpus.median)} processors, ${spread(idleCpus)}` : NONE],
    ['sent again by TCP', `${retransmits} segments in all`],
  ].map(([key = '', value = '']) => [name(key), value]);
  return group(
    section('Do it again', '', tag('pre', { class: 'command' }, command)),
    section('Where it ran', '', table(['', ''], rows)),
  );
}
