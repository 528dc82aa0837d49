/** An option of TLSOption without effect. */
import { toTraefik3, type Check } from '../check.ts';
import { option } from '../option.ts';

const PATH = ['spec', 'preferServerCipherSuites'];

export const tlsOptionCipherSuites: Check = {
  id: 'tls-option-cipher-suites',
  severity: 'warns',
  title: 'TLSOption preferServerCipherSuites is deprecated',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v3.3.6 pkg/provider/kubernetes/crd/kubernetes.go (buildTLSOptions does not read it)',
    'traefik v3.3.6 pkg/provider/kubernetes/crd/traefikio/v1alpha1/tlsoption.go (still in the CRD)',
  ],
  kinds: ['TLSOption'],
  explanation:
    'Go chooses the cipher suite by itself since 1.17, so the option had lost its effect before Traefik 3 stopped reading ' +
    'it. It stays in the CRD, so the object is accepted.',
  row: 'G18-prefer-server-cipher-suites',
  look: option(PATH, ({ tree }) => ({
    message: 'preferServerCipherSuites is not read by Traefik 3: Go chooses the cipher suite.',
    advice: 'Remove it.',
    edits: tree.remove(PATH),
  })),
};
