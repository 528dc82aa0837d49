/** Regular expressions in the paths of an Ingress. */
import { toTraefik3, type Check, type Spot, type Upgrade } from '../check.ts';
import { isRecord, type Manifest } from '../documents.ts';
import { stringsIn } from '../strings.ts';

const ANNOTATION = 'traefik.ingress.kubernetes.io/';

export const ingressPathRegexp: Check = {
  id: 'ingress-path-regexp',
  severity: 'breaks',
  title: 'a regular expression in the path of an Ingress is taken literally',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/provider/kubernetes/ingress/kubernetes.go (loadRouter)',
    'traefik v3.3.6 pkg/provider/kubernetes/ingress/kubernetes.go (loadRouter: ruleSyntax, pathMatcher)',
    'traefik v3.3.6 pkg/muxer/http/matcher.go (path, pathPrefix)',
  ],
  kinds: ['Ingress'],
  explanation:
    'Traefik 2 reads `{name:regexp}` in a path as a regular expression; Traefik 3 takes it for the characters that stand ' +
    'there, so no request matches and clients get 404. With the annotation ' +
    '`traefik.ingress.kubernetes.io/router.pathmatcher: PathRegexp`, path type ImplementationSpecific and a Go regular ' +
    'expression (`/users/[0-9]+`) it works again; `router.rulesyntax: v2` is the other way, and deprecated. Neither ' +
    'annotation can be there before the upgrade: Traefik 2 refuses the Ingress because of it.',
  row: 'G11-ingress-path-regexp',
  look: (manifest, upgrade) => (readsV2(manifest, upgrade) ? [] : spots(manifest)),
};

function readsV2({ tree }: Manifest, { defaultSyntax }: Upgrade): boolean {
  const annotations = tree.get(['metadata', 'annotations']);
  const syntax = isRecord(annotations) ? annotations[`${ANNOTATION}router.rulesyntax`] : undefined;
  return (syntax ?? defaultSyntax) === 'v2';
}

function spots({ tree }: Manifest): readonly Spot[] {
  const annotations = tree.get(['metadata', 'annotations']);
  const matcher = isRecord(annotations) ? annotations[`${ANNOTATION}router.pathmatcher`] : undefined;
  if (matcher === 'PathRegexp') return [];
  return stringsIn(tree.get(['spec', 'rules']), ['spec', 'rules'])
    .filter(({ path, text }) => path.at(-1) === 'path' && /\{[^}]*\}/.test(text))
    .map(({ path }) => ({
      tree,
      path,
      at: 'value',
      message: 'Traefik 3 takes the braces literally: no request matches, and clients get 404.',
      advice:
        'With the upgrade, annotate router.pathmatcher: PathRegexp and write a Go regular expression, or router.rulesyntax: v2.',
      edits: [],
    }));
}
