/** Where certificates come from, as the charts of Traefik 2 had it. */
import type { Check, Upgrade } from '../check.ts';
import { isRecord } from '../documents.ts';
import type { Edit } from '../finding.ts';
import { valuesOption } from '../option.ts';
import type { Tree } from '../tree.ts';

const PATH = ['certResolvers'];

export const valuesCertResolvers: Check = {
  id: 'values-cert-resolvers',
  severity: 'breaks',
  title: 'certResolvers is refused, and later ignored',
  since: 'chart 33 (k3s v1.32.2) refuses it, chart 39 (k3s v1.35.2) passes over it',
  isCrossed: ({ from, to }: Upgrade) => to.chart >= 33 && (from.chart < 33 || (from.chart < 39 && to.chart >= 39)),
  sources: [
    'k3s-charts traefik-27.0.201+up27.0.2 templates/_podtemplate.tpl (certificatesresolvers.<name>.acme.<option>)',
    'k3s-charts traefik-34.2.1+up34.2.0 templates/requirements.yaml (fail)',
    'k3s-charts traefik-38.0.201+up38.0.2 templates/requirements.yaml (fail)',
    'k3s-charts traefik-39.0.701+up39.0.7 templates (not a word of it)',
  ],
  kinds: ['HelmChartConfig'],
  explanation:
    'Charts 34 to 38 refuse the values: "certResolvers setting has been removed". The job `helm-install-traefik` fails ' +
    'again and again, and the old Traefik goes on serving. Charts 39 and later do not look at it: routers that name the ' +
    "resolver serve Traefik's default certificate. The new key is `certificatesResolvers`, with `acme` between the name of " +
    'the resolver and its options.',
  row: 'A14-cert-resolvers',
  look: valuesOption(PATH, ({ tree, value }) =>
    isRecord(value) && Object.keys(value).length > 0
      ? {
          message:
            'certResolvers is refused by charts 34 to 38, whose job then fails, and ignored from 39 on, which leaves no certificates.',
          advice: 'With the upgrade write certificatesResolvers.<name>.acme.',
          edits: asCertificatesResolvers(tree, Object.keys(value)),
        }
      : undefined,
  ),
};

function asCertificatesResolvers(tree: Tree, names: readonly string[]): readonly Edit[] {
  const bodies = names.map((name) => {
    const [head, ...options] = tree.entry([...PATH, name]);
    return head && options.length > 0
      ? [head, '  acme:', ...options.map((line) => (line === '' ? '' : `  ${line}`))]
      : [];
  });
  if (bodies.some((lines) => lines.length === 0)) return [];
  const renamed = tree.rename(PATH, 'certificatesResolvers');
  return [...renamed, ...names.flatMap((name, index) => tree.rewrite([...PATH, name], bodies[index] ?? []))];
}
