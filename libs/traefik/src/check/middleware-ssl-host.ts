/** Redirects to one host name that are lost. */
import { toTraefik3, type Check } from '../check.ts';
import { option } from '../option.ts';

export const middlewareSslHost: Check = {
  id: 'middleware-ssl-host',
  severity: 'changes',
  title: 'headers.sslForceHost no longer redirects to the host',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/middlewares/headers/secure.go (SSLForceHost and SSLHost are handed on)',
    'traefik v3.3.6 pkg/middlewares/headers/secure.go (they are not)',
  ],
  kinds: ['Middleware'],
  explanation:
    'The options are accepted by Traefik 3 and have no effect: a request for another host name, which was redirected to ' +
    '`sslHost`, is answered where it was sent. A middleware `redirectRegex` does it in both.',
  row: 'G14-ssl-force-host',
  look: option(['spec', 'headers', 'sslForceHost'], ({ value }) =>
    value === true
      ? {
          message:
            'sslForceHost has no effect in Traefik 3: requests for other host names are no longer redirected to sslHost.',
          advice:
            'Use a middleware redirectRegex, e.g. {regex: "^https?://[^/]+/(.*)", replacement: "https://<sslHost>/${1}"}.',
          edits: [],
        }
      : undefined,
  ),
};
