/** Tracing in the values of the chart. */
import { toChart, type Check } from '../check.ts';

const BACKENDS = ['datadog', 'elastic', 'haystack', 'instana', 'jaeger', 'zipkin'];

export const valuesTracing: Check = {
  id: 'values-tracing',
  severity: 'changes',
  title: 'the values of a tracing backend are ignored',
  since: 'chart 34 (k3s v1.32.2)',
  isCrossed: toChart(34),
  sources: [
    'k3s-charts traefik-27.0.201+up27.0.2 templates/_podtemplate.tpl (.Values.tracing.*)',
    'k3s-charts traefik-34.2.1+up34.2.0 templates/_podtemplate.tpl (only .Values.tracing.otlp)',
  ],
  kinds: ['HelmChartConfig'],
  explanation:
    'The chart writes arguments for `tracing.otlp` only. The values of the other backends are passed over without a word: ' +
    'Traefik starts, and sends no traces.',
  row: 'G24-values-tracing',
  look: ({ values }) =>
    BACKENDS.filter((backend) => values?.get(['tracing', backend])).flatMap((backend) =>
      values
        ? [
            {
              tree: values,
              path: ['tracing', backend],
              at: 'key' as const,
              message: `tracing.${backend} is ignored by chart 34 and later: no traces are sent.`,
              advice:
                'Write tracing.otlp.enabled: true and tracing.otlp.http.endpoint, to a collector that takes OTLP.',
              edits: [],
            },
          ]
        : [],
    ),
};
