/** Settings of a port that moved below `http`. */
import { toChart, type Check, type Spot } from '../check.ts';
import { isRecord } from '../documents.ts';
import type { Edit } from '../finding.ts';
import { MOVED } from '../port.ts';
import type { Tree } from '../tree.ts';

export const valuesPortHttp: Check = {
  id: 'values-port-http',
  severity: 'breaks',
  title: 'redirections, tls and middlewares of a port moved below http',
  since: 'chart 39 (k3s v1.35.2)',
  isCrossed: toChart(39),
  sources: [
    'k3s-charts traefik-38.0.201+up38.0.2 templates/_podtemplate.tpl ($config.redirections, $config.tls, $config.middlewares)',
    'k3s-charts traefik-39.0.701+up39.0.7 templates/_podtemplate.tpl ($config.http)',
    'k3s-charts traefik-39.0.701+up39.0.7 (no values.schema.json: nothing is refused)',
  ],
  kinds: ['HelmChartConfig'],
  explanation:
    'Chart 39 looks for them at `ports.<name>.http`, and the chart as k3s ships it refuses nothing that it does not know: ' +
    'the redirect to https, the TLS options and the middlewares of the entry point (authentication, allow lists) are lost ' +
    'without a word. **A security finding.** Chart 38 and earlier ignore the new place, so change it with the upgrade.',
  row: 'A07-port-http',
  look: ({ values }) => (values ? spots(values) : []),
};

function spots(tree: Tree): readonly Spot[] {
  const ports = tree.get(['ports']);
  return isRecord(ports)
    ? Object.entries(ports).flatMap(([name, port]) => (isRecord(port) ? ofPort(tree, name, port) : []))
    : [];
}

function ofPort(tree: Tree, name: string, port: Readonly<Record<string, unknown>>): readonly Spot[] {
  const keys = MOVED.filter((key) => isSet(port[key]));
  // A `redirectTo` becomes one of them first: two maps `http` in a port would be one too many.
  const edits = 'http' in port || 'redirectTo' in port ? [] : nest(tree, name, keys);
  return keys.map((key) => ({
    tree,
    path: ['ports', name, key],
    at: 'key',
    message: `chart 39 and later ignore ports.${name}.${key}: ${LOST[key]}.`,
    advice: `With the upgrade move it to ports.${name}.http.${key}.`,
    edits,
  }));
}

const LOST: Readonly<Record<string, string>> = {
  middlewares: 'requests no longer pass them',
  redirections: 'requests over http are answered in clear text instead of being redirected',
  tls: 'the entry point has the TLS settings of the chart',
};

const isSet = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isRecord(value) ? Object.keys(value).length > 0 : Boolean(value);

/** One `http` where the first of them stands, with all of them in it. */
function nest(tree: Tree, name: string, keys: readonly string[]): readonly Edit[] {
  const order = Object.keys(tree.get(['ports', name]) as object).filter((key) => keys.includes(key));
  const paths = order.map((key) => ['ports', name, key]);
  const body = paths.map((path) => tree.entry(path));
  if (body.some((lines) => lines.length === 0)) return [];
  const lines = ['http:', ...body.flat().map((line) => (line === '' ? '' : `  ${line}`))];
  return paths.flatMap((path, index) => (index === 0 ? tree.rewrite(path, lines) : tree.remove(path)));
}
