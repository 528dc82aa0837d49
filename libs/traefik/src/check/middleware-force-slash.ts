/** An option that works, and is about to go. */
import { toTraefik3, type Check } from '../check.ts';
import { option } from '../option.ts';

export const middlewareForceSlash: Check = {
  id: 'middleware-force-slash',
  severity: 'warns',
  title: 'stripPrefix.forceSlash is deprecated',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: ['traefik v3.3.6 pkg/middlewares/stripprefix/strip_prefix.go (in force, with a warning)'],
  kinds: ['Middleware'],
  explanation:
    'Traefik 3 does what it says and logs that it is deprecated. Without it, a path that is stripped to nothing stays ' +
    'empty for the app, which most clients of HTTP send as `/` anyway; so whether it can go depends on the app.',
  row: 'G15-force-slash',
  look: option(['spec', 'stripPrefix', 'forceSlash'], () => ({
    message: 'forceSlash works in Traefik 3 and is deprecated: the next major version will not know it.',
    advice: 'Remove it once the app was seen to take the stripped path without it.',
    edits: [],
  })),
};
