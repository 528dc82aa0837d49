/** Matchers that were renamed. */
import { toTraefik3, type Check } from '../check.ts';
import { ruleChange } from '../rule-change.ts';

export const ruleUnknownMatcher: Check = {
  id: 'rule-unknown-matcher',
  severity: 'breaks',
  title: 'a matcher that Traefik 3 does not know disables the route',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/muxer/http/mux.go (httpFuncs)',
    'traefik v3.3.6 pkg/muxer/http/matcher.go (httpFuncs)',
  ],
  kinds: ['IngressRoute'],
  explanation:
    '`Headers` is called `Header`, `HeadersRegexp` is called `HeaderRegexp`, and `HostHeader` was another name of `Host`. ' +
    'Traefik 3 logs "unsupported function", disables the route, and clients get 404. Traefik 2 does not know the new names: ' +
    'change `Headers` and `HeadersRegexp` with the upgrade, `HostHeader` before it. ' +
    '`syntax: v2` on the route is the other way, and deprecated since Traefik 3.4; the CRD of Traefik 2 does not know it. ' +
    'The priority of a route that sets none is the length of its rule: where rules overlap, compare them after a rewrite.',
  row: 'G07-headers',
  look: ruleChange('unknown-matcher', (matcher) => ({
    message: `Traefik 3 does not know ${matcher}: it disables the route, and clients get 404.`,
    advice: 'Write the new name of the matcher.',
  })),
};
