/** The way back to the old syntax of rules, which will not be there for ever. */
import { toTraefik, type Check, type Spot } from '../check.ts';
import { argumentsOf } from '../argument.ts';
import { isRecord, type Manifest } from '../documents.ts';
import type { Path, Tree } from '../tree.ts';

export const ruleSyntaxV2: Check = {
  id: 'rule-syntax-v2',
  severity: 'warns',
  title: 'rules in the syntax of Traefik 2 are deprecated',
  since: 'Traefik 3.4 (k3s v1.33.6)',
  isCrossed: toTraefik(3, 4),
  sources: ['traefik v3.6.7 docs/content/migrate/v3.md', 'traefik v3.6.7 pkg/config/static/static_config.go'],
  kinds: ['IngressRoute', 'IngressRouteTCP', 'Ingress', 'HelmChartConfig'],
  explanation:
    '`syntax: v2` on a route, the annotation `router.rulesyntax: v2` and `core.defaultRuleSyntax=v2` keep rules as they were ' +
    'written for Traefik 2. They work in every Traefik 3, and are deprecated since 3.4: the next major version will not ' +
    'know them.',
  row: 'G10-syntax-v2',
  look: (manifest) => [...routes(manifest), ...ingress(manifest), ...chart(manifest)],
};

const spot = (tree: Tree, path: Path): Spot => ({
  tree,
  path,
  at: 'value',
  message: 'the syntax v2 works in Traefik 3 and is deprecated since 3.4: the next major version will not know it.',
  advice: 'Write the rules in syntax v3, and remove this.',
  edits: [],
});

function routes({ tree }: Manifest): readonly Spot[] {
  const found = tree.get(['spec', 'routes']);
  if (!Array.isArray(found)) return [];
  return found.flatMap((route: unknown, index) =>
    isRecord(route) && route['syntax'] === 'v2' ? [spot(tree, ['spec', 'routes', index, 'syntax'])] : [],
  );
}

function ingress({ tree }: Manifest): readonly Spot[] {
  const path = ['metadata', 'annotations', 'traefik.ingress.kubernetes.io/router.rulesyntax'];
  return tree.get(path) === 'v2' ? [spot(tree, path)] : [];
}

function chart({ values }: Manifest): readonly Spot[] {
  if (!values) return [];
  const value = values.get(['core', 'defaultRuleSyntax']) === 'v2' ? [spot(values, ['core', 'defaultRuleSyntax'])] : [];
  const set = argumentsOf(values).filter(
    ({ name, value: given }) => name === 'core.defaultrulesyntax' && given === 'v2',
  );
  return [...value, ...set.map(({ path }) => spot(values, path))];
}
