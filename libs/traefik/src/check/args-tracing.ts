/** Tracing backends that are gone. */
import { argumentsOf, isUnder } from '../argument.ts';
import { toTraefik3, type Check } from '../check.ts';

const REMOVED = ['jaeger', 'zipkin', 'datadog', 'instana', 'haystack', 'elastic', 'spannamelimit'].map(
  (backend) => `tracing.${backend}`,
);

export const argsTracing: Check = {
  id: 'args-tracing',
  severity: 'breaks',
  title: 'Traefik 3 does not start with a tracing backend other than OTLP',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v3.3.6 pkg/cli/deprecation.go (tracing.deprecationNotice)',
    'traefik v3.3.6 pkg/config/static/static_config.go (Tracing: OTLP only)',
  ],
  kinds: ['HelmChartConfig'],
  explanation:
    'Jaeger, Zipkin, Datadog, Instana, Haystack and Elastic were replaced by OpenTelemetry (`tracing.otlp`), which all of ' +
    'them take in today, by themselves or behind a collector. With one of the old options the pod does not start: ' +
    'CrashLoopBackOff, while Traefik 2 goes on serving.',
  row: 'G24-args-tracing',
  look: ({ values }) =>
    (values ? argumentsOf(values) : [])
      .filter((argument) => REMOVED.some((option) => isUnder(argument, option)))
      .flatMap(({ path, text }) =>
        values
          ? [
              {
                tree: values,
                path,
                at: 'value' as const,
                message: `Traefik 3 does not start with ${text}: it traces by OpenTelemetry only.`,
                advice: 'Remove it, and with the upgrade send traces by --tracing.otlp.http.endpoint=<collector>.',
                edits: values.remove(path),
              },
            ]
          : [],
      ),
};
