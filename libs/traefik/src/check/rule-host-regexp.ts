/** Templates in HostRegexp. */
import { toTraefik3, type Check } from '../check.ts';
import { ruleChange } from '../rule-change.ts';

export const ruleHostRegexp: Check = {
  id: 'rule-host-regexp',
  severity: 'breaks',
  title: 'HostRegexp takes a regular expression, no template',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/muxer/http/mux.go (hostRegexp)',
    'traefik v3.3.6 pkg/muxer/http/matcher.go (hostRegexp)',
    'traefik v3.3.6 pkg/muxer/tcp/matcher.go (hostSNIRegexp)',
  ],
  kinds: ['IngressRoute', 'IngressRouteTCP'],
  explanation:
    'Traefik 2 reads `{name:regexp}` in HostRegexp and HostSNIRegexp as an expression, and what stands outside of braces ' +
    'literally. Traefik 3 reads all of it as one Go regular expression, found anywhere in the name. A template then matches ' +
    'nothing, and the route is up all the same; a plain name matches more than itself. The rewrite is anchored by `^` and `$`. ' +
    'Traefik 2 reads it literally: change the rule with the upgrade. ' +
    '`syntax: v2` on the route is the other way, and deprecated since Traefik 3.4; the CRD of Traefik 2 does not know it. ' +
    'The priority of a route that sets none is the length of its rule: where rules overlap, compare them after a rewrite.',
  row: 'G06-host-regexp-template',
  look: ruleChange('host-regexp', (matcher) => ({
    message: `Traefik 3 reads ${matcher} as one regular expression: this one matches other names than before, or none.`,
    advice: 'Write a Go regular expression between ^ and $.',
  })),
};
