/** The redirect from http to https, as the charts of Traefik 2 had it. */
import type { Check, Spot, Upgrade } from '../check.ts';
import { isRecord } from '../documents.ts';
import { MOVED, portsOf } from '../port.ts';
import type { Path, Tree } from '../tree.ts';

export const valuesRedirectTo: Check = {
  id: 'values-redirect-to',
  severity: 'breaks',
  title: 'ports.*.redirectTo is refused, and later ignored',
  since:
    'chart 34 (k3s v1.32.2) refuses it, as a string chart 25 (k3s v1.28.3+k3s2); chart 38 (k3s v1.35.0+k3s3) passes over it',
  isCrossed: ({ from, to }) =>
    (from.chart < AS_MAP && to.chart >= AS_MAP) ||
    (to.chart >= 34 && (from.chart < 34 || (from.chart < 38 && to.chart >= 38))),
  sources: [
    'k3s-charts traefik-21.2.1+up21.2.0 templates/_podtemplate.tpl (index .Values.ports $config.redirectTo)',
    'k3s-charts traefik-25.0.3+up25.0.0 templates/_podtemplate.tpl (fail where it is a string)',
    'k3s-charts traefik-27.0.201+up27.0.2 templates/_podtemplate.tpl (redirectTo.port)',
    'k3s-charts traefik-34.2.1+up34.2.0 templates/_podtemplate.tpl (fail)',
    'k3s-charts traefik-38.0.201+up38.0.2 templates/_podtemplate.tpl (not a word of it)',
    'traefik v3.3.6 pkg/config/static/entrypoints.go (a redirect is permanent unless told)',
  ],
  kinds: ['HelmChartConfig'],
  explanation:
    'Charts 34 to 37 refuse the values: "redirectTo syntax has been removed in v34 of this Chart". The job ' +
    '`helm-install-traefik` fails again and again, and **Traefik 2 goes on serving**; on a new cluster there is no Traefik ' +
    'at all. Charts 38 and later do not look at it: Traefik is upgraded, and **the redirect is lost**, so that what was ' +
    'sent encrypted is sent in clear text. No way of writing it works in every chart but the argument ' +
    '`--entrypoints.web.http.redirections.entryPoint.to=:443` under `additionalArguments`.',
  row: 'G22-redirect-to',
  look: ({ values }, upgrade) =>
    values
      ? portsOf(values, 'redirectTo')
          .filter((path) => worksIn(upgrade.from.chart, values.get(path)))
          .map((path) => spot(values, path, upgrade))
      : [],
};

/** From this chart on it is `redirectTo: {port: ...}`, and a string is refused; before it was a string. */
const AS_MAP = 25;

/** What the chart before refused too is no news. */
const worksIn = (chart: number, given: unknown): boolean => (typeof given === 'string') === chart < AS_MAP;

function spot(tree: Tree, path: Path, { to }: Upgrade): Spot {
  if (to.chart < 34) return asMap(tree, path, to.chart);
  const place = to.chart >= 39 ? 'http.redirections.entryPoint' : 'redirections.entryPoint';
  return {
    tree,
    path,
    at: 'key',
    message:
      to.chart >= 38
        ? `chart ${to.chart} ignores redirectTo: requests over http are answered in clear text instead of being redirected.`
        : `chart ${to.chart} refuses redirectTo: the job helm-install-traefik fails, and Traefik 2 stays.`,
    advice: `With the upgrade write ${place}: {to: websecure, scheme: https, permanent: true}.`,
    edits: tree.get([...path.slice(0, -1), 'http']) ? [] : tree.rewrite(path, replacement(tree, path, to.chart)),
  };
}

function asMap(tree: Tree, path: Path, chart: number): Spot {
  return {
    tree,
    path,
    at: 'key',
    message: `chart ${chart} refuses redirectTo as a string: the job helm-install-traefik fails, and the old Traefik stays.`,
    advice: 'With the upgrade write redirectTo: {port: websecure}.',
    edits: tree.rewrite(path, ['redirectTo:', `  port: ${String(tree.get(path))}`]),
  };
}

function replacement(tree: Tree, path: Path, chart: number): readonly string[] {
  const given = tree.get(path);
  const { port, priority } = isRecord(given) ? given : { port: given, priority: undefined };
  const entryPoint = [`to: ${typeof port === 'string' ? port : 'websecure'}`, 'scheme: https', 'permanent: true'];
  if (typeof priority === 'number') entryPoint.push(`priority: ${priority}`);
  const lines = ['redirections:', '  entryPoint:', ...entryPoint.map((line) => `    ${line}`)];
  // With others beside it `values-port-http` moves them all, once it is called so.
  const isAlone = !MOVED.some((key) => tree.get([...path.slice(0, -1), key]));
  return chart >= 39 && isAlone ? ['http:', ...lines.map((line) => `  ${line}`)] : lines;
}
