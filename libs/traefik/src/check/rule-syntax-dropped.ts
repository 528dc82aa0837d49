/** A field that the cluster does not keep, because the Traefik that it has does not know it. */
import { toTraefik3, type Check } from '../check.ts';
import { routesOnlyInV2 } from '../rule-change.ts';

export const ruleSyntaxDropped: Check = {
  id: 'rule-syntax-dropped',
  severity: 'breaks',
  title: '`syntax: v2` on a route does not survive until the upgrade',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml (no such field)',
    'traefik v3.3.6, the same file (spec.routes.syntax)',
  ],
  kinds: ['IngressRoute', 'IngressRouteTCP'],
  explanation:
    'The definitions of Traefik 2 do not know the field, and Kubernetes drops what a definition does not know: an object that ' +
    'is applied before the upgrade is kept without it. Afterwards Traefik 3 reads its rule as version 3, and where it means ' +
    'nothing there clients get 404, until the object is applied again. A rule that both read needs no field.',
  row: 'G10-syntax-v2',
  look: (manifest) =>
    routesOnlyInV2(manifest).map(({ index, edits }) => {
      const path = ['spec', 'routes', index, 'syntax'];
      return {
        tree: manifest.tree,
        path,
        at: 'key',
        message:
          'the definitions of Traefik 2 drop `syntax`: applied before the upgrade, the rule is read as version 3 after it, ' +
          'and clients get 404 until it is applied again.',
        advice: 'Write the rule so that both read it, without `syntax`; or apply it again right after the upgrade.',
        edits: edits.length > 0 ? [...edits, ...manifest.tree.remove(path)] : [],
      };
    }),
};
