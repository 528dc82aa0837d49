/** Who guesses a missing Content-Type. */
import { toTraefik3, type Check } from '../check.ts';
import { option } from '../option.ts';

export const middlewareAutoDetect: Check = {
  id: 'middleware-auto-detect',
  severity: 'warns',
  title: 'contentType.autoDetect is deprecated',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/server/middleware/middlewares.go (autoDetect: false switches the guess off)',
    'traefik v3.3.6 pkg/middlewares/contenttype/content_type.go (in force, with a warning)',
    'traefik v3.3.6 pkg/server/server_entrypoint_tcp.go (off unless a middleware switches it on)',
  ],
  kinds: ['Middleware'],
  explanation:
    'Traefik 2 guessed the Content-Type of responses without one, unless `autoDetect: false` said otherwise. Traefik 3 ' +
    'guesses only where a middleware `contentType: {}` is named in the route. The option still works and is deprecated: ' +
    '`false` is what happens without the middleware, `true` is what `contentType: {}` means. Change it after the upgrade: ' +
    'Traefik 2 understands `contentType: {}` as `false`. Routes without any such middleware lose the guess too, which no ' +
    'manifest shows: look at responses without a Content-Type.',
  row: 'G17-auto-detect',
  look: option(['spec', 'contentType', 'autoDetect'], ({ value }) => ({
    message: 'autoDetect works in Traefik 3 and is deprecated: without this middleware nothing is detected any more.',
    advice:
      value === true
        ? 'After the upgrade write contentType: {}; before it, Traefik 2 would take that for false.'
        : 'After the upgrade remove the middleware from the routes: without it nothing is detected.',
    edits: [],
  })),
};
