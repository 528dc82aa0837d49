/** summary.md of a comparison of backends. */
import type { Ask, BackendComparison, BenchPath, Quantity } from '@faultline/checker';
import {
  BACKENDS_NOTE,
  backendsHeadline,
  claims,
  figure,
  PATH_ORDER,
  pathName,
  pooledText,
  ratioText,
  spread,
  THROUGHPUT_NOTE,
  valuesOf,
} from './backend-comparison.ts';
import { howMeasured, unsaid } from './backend-comparison-html.ts';
import { code, markdown } from './clean.ts';
import { NONE } from './table.ts';

export function renderBackendsSummary(comparison: BackendComparison): string {
  const shown = claims(comparison);
  return [
    `## ${markdown(backendsHeadline(comparison))}`,
    '',
    `${comparison.substrate} ${comparison.versions['k3s'] ?? ''} with ${comparison.loadBalancer}. ${howMeasured(comparison)}`,
    '',
    BACKENDS_NOTE,
    '',
    '### A request: GET on a new connection, answered by the app (ms)',
    '',
    ...latencies(comparison, 'request'),
    '### A connection: the handshake that the kernel answers (ms)',
    '',
    ...latencies(comparison, 'connect'),
    '### Throughput, and what it costs',
    '',
    THROUGHPUT_NOTE,
    '',
    ...throughput(comparison),
    '### What is shown to differ',
    '',
    ...(shown.length > 0 ? shown : ['Nothing: no interval leaves out equality.']).map((line) => `- ${markdown(line)}`),
    '',
    '### What is not said, and why',
    '',
    ...unsaid(comparison).map((line) => `- ${markdown(line)}`),
    '',
    'Again:',
    '',
    ...code(comparison.command),
    '',
  ].join('\n');
}

function latencies(comparison: BackendComparison, ask: Ask): readonly string[] {
  return tableOf(comparison, ['p50', 'p90', 'p99', 'p99.9'], [`${ask} p50`, `${ask} p99`], (path, backend) => {
    const values = (['p50', 'p90', 'p99'] as const).map((quantile) =>
      cell(comparison, { path, backend, quantity: `${ask} ${quantile}` }),
    );
    if (values.every((value) => value === undefined)) return undefined;
    const tail = pooledText(comparison, { path, backend, ask, quantile: 0.999 });
    return [...values.map((value) => value ?? NONE), tail ? `${tail.value} [${tail.interval}]` : NONE];
  });
}

function throughput(comparison: BackendComparison): readonly string[] {
  const quantities = ['throughput', 'CPU'] as const;
  return tableOf(comparison, ['Gbit/s', 's/GB'], quantities, (path, backend) => {
    const values = quantities.map((quantity) => cell(comparison, { path, backend, quantity }));
    return values.every((value) => value === undefined) ? undefined : values.map((value) => value ?? NONE);
  });
}

function cell(comparison: BackendComparison, at: Parameters<typeof valuesOf>[1]): string | undefined {
  const values = valuesOf(comparison, at);
  return values && `**${figure(values.median)}** [${spread(values)}]`;
}

/** Rows are paths and backends: a table of all columns side by side is too wide for a job summary. */
function tableOf(
  comparison: BackendComparison,
  columns: readonly string[],
  compared: readonly Quantity[],
  cells: (path: BenchPath, backend: string) => readonly string[] | undefined,
): readonly string[] {
  const against = comparison.backends[0]?.backend ?? '';
  const heads = ['path', 'backend', ...columns, ...compared.map((one) => `${one} / ${against}`)];
  const rows = PATH_ORDER.flatMap((path) =>
    comparison.backends.flatMap(({ backend }) => {
      const values = cells(path, backend);
      if (!values) return [];
      const ratios = compared.map((quantity) => {
        const found = comparison.ratios.find(
          (one) => one.path === path && one.backend === backend && one.quantity === quantity,
        );
        if (!found) return '';
        return found.differs ? `**${ratioText(found)}**` : ratioText(found);
      });
      return [`| ${[pathName(path), markdown(backend), ...values, ...ratios].join(' | ')} |`];
    }),
  );
  return [`| ${heads.join(' | ')} |`, `|---|---|${'---:|'.repeat(heads.length - 2)}`, ...rows, ''];
}
