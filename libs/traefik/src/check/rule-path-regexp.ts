/** Regular expressions in paths. */
import { toTraefik3, type Check } from '../check.ts';
import { ruleChange } from '../rule-change.ts';

export const rulePathRegexp: Check = {
  id: 'rule-path-regexp',
  severity: 'breaks',
  title: 'a regular expression in Path or PathPrefix is taken literally',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/muxer/http/mux.go (path, pathPrefix)',
    'traefik v3.3.6 pkg/muxer/http/matcher.go (path, pathPrefix, pathRegexp)',
  ],
  kinds: ['IngressRoute'],
  explanation:
    'Traefik 2 reads `{name:regexp}` in a path as a regular expression, Traefik 3 as the characters that stand there: the route is ' +
    'up, nothing says so, and no request matches it. `PathRegexp` takes a Go regular expression, which is found anywhere in the ' +
    'path unless `^` begins it. Traefik 2 does not know it: change the rule with the upgrade. ' +
    '`syntax: v2` on the route is the other way, and deprecated since Traefik 3.4; the CRD of Traefik 2 does not know it. ' +
    'The priority of a route that sets none is the length of its rule: where rules overlap, compare them after a rewrite.',
  row: 'G04-path-prefix-regexp',
  look: ruleChange('path-regexp', (matcher) => ({
    message: `Traefik 3 takes the braces in ${matcher} literally: no request matches, and clients get 404.`,
    advice: 'Write PathRegexp with a Go regular expression.',
  })),
};
