/** Several values in one matcher. */
import { toTraefik3, type Check } from '../check.ts';
import { ruleChange } from '../rule-change.ts';

export const ruleMultipleValues: Check = {
  id: 'rule-multiple-values',
  severity: 'breaks',
  title: 'a matcher with several values disables the route',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/muxer/http/mux.go (httpFuncs)',
    'traefik v3.3.6 pkg/muxer/http/matcher.go (expectNParameters)',
    'traefik v3.3.6 pkg/muxer/tcp/matcher.go',
  ],
  kinds: ['IngressRoute', 'IngressRouteTCP'],
  explanation:
    'Traefik 3 takes one value in each matcher. With more it logs "unexpected number of parameters", disables the route, and ' +
    'clients get 404. One matcher for each value, joined by `||`, means the same to both: it can be written before the upgrade. ' +
    '`syntax: v2` on the route is the other way, and deprecated since Traefik 3.4; the CRD of Traefik 2 does not know it. ' +
    'The priority of a route that sets none is the length of its rule: where rules overlap, compare them after a rewrite.',
  row: 'G03-host-of-several-values',
  look: ruleChange('multiple-values', (matcher) => ({
    message: `Traefik 3 takes one value in ${matcher}: it disables the route, and clients get 404.`,
    advice: 'Write one matcher for each value, joined by ||.',
  })),
};
