/** A header of the response that is no longer sent. */
import { toTraefik3, type Check } from '../check.ts';
import { option } from '../option.ts';

export const middlewareFeaturePolicy: Check = {
  id: 'middleware-feature-policy',
  severity: 'changes',
  title: 'headers.featurePolicy sends no header',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: [
    'traefik v2.11.18 pkg/middlewares/headers/secure.go (FeaturePolicy is handed on)',
    'traefik v3.3.6 pkg/middlewares/headers/secure.go (it is not)',
  ],
  kinds: ['Middleware'],
  explanation:
    'The option is accepted by Traefik 3 and has no effect: the responses lack `Feature-Policy`. Browsers have replaced ' +
    'it by `Permissions-Policy`, whose values are written differently, so it takes a person to translate them. To go on ' +
    'sending the old header, name it under `customResponseHeaders`.',
  row: 'G14-feature-policy',
  look: option(['spec', 'headers', 'featurePolicy'], () => ({
    message: 'featurePolicy has no effect in Traefik 3: the header Feature-Policy is no longer sent.',
    advice: "Write permissionsPolicy with today's syntax, or name Feature-Policy under customResponseHeaders.",
    edits: [],
  })),
};
