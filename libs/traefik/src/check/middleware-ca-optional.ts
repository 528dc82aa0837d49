/** An option of forwardAuth without effect. */
import { toTraefik3, type Check } from '../check.ts';
import { option } from '../option.ts';

const PATH = ['spec', 'forwardAuth', 'tls', 'caOptional'];

export const middlewareCaOptional: Check = {
  id: 'middleware-ca-optional',
  severity: 'warns',
  title: 'forwardAuth.tls.caOptional is deprecated',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v3.3.6 pkg/middlewares/auth/forward.go (a warning, and no effect)',
    'traefik v3.3.6 pkg/provider/kubernetes/crd/kubernetes.go (still read)',
  ],
  kinds: ['Middleware'],
  explanation:
    'Whether a client certificate is optional is decided by the server that is asked, not by Traefik, which is the client ' +
    'here: Traefik 3 reads the option, logs that it is deprecated, and does nothing with it.',
  row: 'G18-ca-optional',
  look: option(PATH, ({ tree }) => ({
    message: 'caOptional has no effect in Traefik 3 and is deprecated.',
    advice: 'Remove it.',
    edits: tree.remove(PATH),
  })),
};
