/** The old name of a middleware that goes on working. */
import { toTraefik3, type Check } from '../check.ts';
import { option } from '../option.ts';

const PATH = ['spec', 'ipWhiteList'];

export const middlewareIpWhiteList: Check = {
  id: 'middleware-ip-white-list',
  severity: 'warns',
  title: 'ipWhiteList is called ipAllowList',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v3.3.6 pkg/server/middleware/middlewares.go (still built, with a warning)',
    'traefik v2.11.18 pkg/provider/kubernetes/crd/traefikio/v1alpha1/middleware.go (ipAllowList is known)',
  ],
  kinds: ['Middleware'],
  explanation:
    'Traefik 3 still builds the middleware, and logs at every change of configuration that it is deprecated. The next ' +
    'major version will not know it. `ipAllowList` has the same options and is understood by Traefik 2.11 too, so it can ' +
    'be renamed before the upgrade.',
  row: 'G13-ip-white-list',
  look: option(PATH, ({ tree }) => ({
    message: 'ipWhiteList works in Traefik 3 and is deprecated: the next major version will not know it.',
    advice: 'Write ipAllowList: the options are the same, and Traefik 2.11 understands it too.',
    edits: tree.rename(PATH, 'ipAllowList'),
  })),
};
