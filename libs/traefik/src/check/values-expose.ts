/** Whether a port is in the Service. */
import { toChart, type Check } from '../check.ts';
import { portsOf } from '../port.ts';

export const valuesExpose: Check = {
  id: 'values-expose',
  severity: 'breaks',
  title: 'ports.*.expose is a map',
  since: 'chart 27 (k3s v1.30.6, v1.31.2, v1.32.0)',
  isCrossed: toChart(27),
  sources: [
    'k3s-charts traefik-25.0.3+up25.0.0 templates/service.yaml (eq $config.expose true)',
    'k3s-charts traefik-27.0.201+up27.0.2 templates/service.yaml (index (default dict $config.expose) $name)',
  ],
  kinds: ['HelmChartConfig'],
  explanation:
    'The chart looks up the name of the Service in `expose`, which cannot be done in `true`: Helm fails, the job ' +
    '`helm-install-traefik` with it, and the old Traefik goes on serving. `expose: false` still means what it says.',
  row: 'A11-expose',
  look: ({ values }) =>
    values
      ? portsOf(values, 'expose')
          .filter((path) => values.get(path) === true)
          .map((path) => ({
            tree: values,
            path,
            at: 'value',
            message:
              'chart 27 and later fail on expose: true: the job helm-install-traefik fails, and the old Traefik stays.',
            advice: 'With the upgrade write expose: {default: true}.',
            edits: values.replace(path, '{default: true}'),
          }))
      : [],
};
