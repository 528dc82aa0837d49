/** A redirect to https that is lost without a word: what was asked for in clear text is answered in clear text. */
import { toTraefik3, type Check } from '../check.ts';
import { isRecord } from '../documents.ts';
import type { Edit } from '../finding.ts';
import { option } from '../option.ts';
import type { Tree } from '../tree.ts';

const PATH = ['spec', 'headers', 'sslRedirect'];

export const middlewareSslRedirect: Check = {
  id: 'middleware-ssl-redirect',
  severity: 'breaks',
  title: 'headers.sslRedirect no longer redirects to https',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/middlewares/headers/secure.go (SSLRedirect is handed on)',
    'traefik v3.3.6 pkg/middlewares/headers/secure.go (it is not)',
    'traefik v3.3.6 pkg/config/dynamic/middlewares.go (the option is accepted, and deprecated)',
  ],
  kinds: ['Middleware'],
  explanation:
    'The option is accepted by Traefik 3 and has no effect: a request over http that was redirected to https is answered ' +
    'over http from then on. **A security finding**: passwords and cookies that were sent once encrypted are sent in clear ' +
    'text, and nothing says so. A middleware `redirectScheme` does the same in both. With other header options beside it, ' +
    'make it a middleware of its own and name it in the routes before the other.',
  row: 'G14-ssl-redirect',
  look: option(PATH, ({ tree, value }) =>
    value === true
      ? {
          message:
            'sslRedirect has no effect in Traefik 3: requests over http are answered in clear text instead of being redirected.',
          advice: 'Use a middleware redirectScheme {scheme: https, permanent: true}, or redirect at the entry point.',
          edits: asRedirectScheme(tree),
        }
      : undefined,
  ),
};

/** Only where the middleware does nothing else: two middlewares need two names in the routes. */
function asRedirectScheme(tree: Tree): readonly Edit[] {
  const [spec, headers] = [tree.get(['spec']), tree.get(['spec', 'headers'])];
  if (!isRecord(spec) || !isRecord(headers) || Object.keys(spec).length > 1) return [];
  if (Object.keys(headers).some((key) => key !== 'sslRedirect' && key !== 'sslTemporaryRedirect')) return [];
  const permanent = headers['sslTemporaryRedirect'] !== true;
  return tree.rewrite(['spec', 'headers'], ['redirectScheme:', '  scheme: https', `  permanent: ${permanent}`]);
}
