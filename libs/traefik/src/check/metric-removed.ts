/** Alerts about metrics that are no longer there: they never fire. */
import { toTraefik3, type Check } from '../check.ts';
import { stringsIn } from '../strings.ts';

const GONE =
  /\btraefik_(?:(entrypoint|router|service)_open_connections|config_(?:reloads_failure_total|last_reload_failure))\b/;

export const metricRemoved: Check = {
  id: 'metric-removed',
  severity: 'changes',
  title: 'metrics that alerts ask for are gone',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: ['traefik v2.11.18 pkg/metrics/prometheus.go', 'traefik v3.3.6 pkg/metrics/prometheus.go'],
  kinds: ['PrometheusRule'],
  explanation:
    '`traefik_entrypoint_open_connections`, `traefik_router_open_connections` and `traefik_service_open_connections` are ' +
    'replaced by one `traefik_open_connections` with labels `entrypoint` and `protocol`; ' +
    '`traefik_config_reloads_failure_total` and `traefik_config_last_reload_failure` have no successor. An alert on a ' +
    'metric that is not there is silent for ever. Dashboards are mostly in ConfigMaps, which are not read: search them for ' +
    'the same names.',
  row: 'G25-metric-removed',
  look: ({ tree }) =>
    stringsIn(tree.get(['spec', 'groups']), ['spec', 'groups']).flatMap(({ path, text }) => {
      const found = path.at(-1) === 'expr' ? GONE.exec(text) : null;
      return found ? [{ tree, path, at: 'value' as const, ...said(found[0], found[1]) }] : [];
    }),
};

const said = (metric: string, level: string | undefined): { message: string; advice: string; edits: readonly [] } => ({
  message: `${metric} is not there in Traefik 3: the expression has no value, and the alert never fires.`,
  advice:
    level === undefined
      ? 'Ask for traefik_config_last_reload_success instead: it stops growing when reloads fail.'
      : 'Ask for traefik_open_connections{entrypoint="..."}: it is counted by entry point only.',
  edits: [],
});
