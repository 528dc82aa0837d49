/** Queries. */
import { toTraefik3, type Check } from '../check.ts';
import { ruleChange } from '../rule-change.ts';

export const ruleQuery: Check = {
  id: 'rule-query',
  severity: 'breaks',
  title: 'Query takes a key and a value',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: ['traefik v2.11.18 pkg/muxer/http/mux.go (query)', 'traefik v3.3.6 pkg/muxer/http/matcher.go (query)'],
  kinds: ['IngressRoute'],
  explanation:
    'Traefik 2 takes `key=value` in one value, Traefik 3 key and value in two. What Traefik 2 understands is the name of a ' +
    'parameter to Traefik 3, "=" and all: the route is up, nothing says so, and no request matches it. Key and value in two ' +
    'mean the same to both: it can be written before the upgrade. ' +
    '`syntax: v2` on the route is the other way, and deprecated since Traefik 3.4; the CRD of Traefik 2 does not know it. ' +
    'The priority of a route that sets none is the length of its rule: where rules overlap, compare them after a rewrite.',
  row: 'G08-query',
  look: ruleChange('query', () => ({
    message: 'Traefik 3 takes this for the name of a parameter: no request matches, and clients get 404.',
    advice: 'Write Query(`key`, `value`), one for each, joined by &&.',
  })),
};
