/** Arguments that Traefik 3 does not start with. */
import { argumentsOf, isUnder } from '../argument.ts';
import { toTraefik3, type Check } from '../check.ts';

const REMOVED = [
  'pilot',
  'experimental.http3',
  'metrics.influxdb',
  'providers.marathon',
  'providers.rancher',
  'providers.docker.swarmmode',
  'providers.docker.tls.caoptional',
  'providers.consul.namespace',
  'providers.consul.tls.caoptional',
  'providers.consulcatalog.namespace',
  'providers.consulcatalog.endpoint.tls.caoptional',
  'providers.nomad.namespace',
  'providers.nomad.endpoint.tls.caoptional',
  'providers.etcd.tls.caoptional',
  'providers.redis.tls.caoptional',
  'providers.http.tls.caoptional',
];

export const argsRemoved: Check = {
  id: 'args-removed',
  severity: 'breaks',
  title: 'arguments that Traefik 3 does not start with',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v3.3.6 pkg/cli/deprecation.go (incompatible deprecated static option found)',
    'traefik v3.3.6 pkg/config/static/static_config.go and pkg/types/metrics.go (what is not there is refused)',
    'traefik v3.3.6 docs/content/migration/v2-to-v3-details.md',
  ],
  kinds: ['HelmChartConfig'],
  explanation:
    'Traefik 3 refuses to start with an option that it does not know: its new pod goes into CrashLoopBackOff. Helm does not ' +
    'wait for it and reports success; the Deployment replaces no pod before the new one is ready, so Traefik 2 goes on ' +
    'serving. HTTP/3 is switched on at the entry point (`ports.websecure.http3.enabled`), and needs no experimental option.',
  row: 'G23-args-removed',
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
                message: `Traefik 3 does not start with ${text}: its pod crashes, and the old one stays.`,
                advice: 'Remove the argument.',
                edits: values.remove(path),
              },
            ]
          : [],
      ),
};
