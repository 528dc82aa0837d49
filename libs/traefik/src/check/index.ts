/** Every rule of lint, in the order in which they are listed. To add one: a file beside, its line here, a row of the corpus. */
import type { Check } from '../check.ts';
import { apiGroup } from './api-group.ts';
import { argsRemoved } from './args-removed.ts';
import { argsTracing } from './args-tracing.ts';
import { gatewayCrds } from './gateway-crds.ts';
import { ingressPathRegexp } from './ingress-path-regexp.ts';
import { metricRemoved } from './metric-removed.ts';
import { middlewareAutoDetect } from './middleware-auto-detect.ts';
import { middlewareCaOptional } from './middleware-ca-optional.ts';
import { middlewareFeaturePolicy } from './middleware-feature-policy.ts';
import { middlewareForceSlash } from './middleware-force-slash.ts';
import { middlewareIpWhiteList } from './middleware-ip-white-list.ts';
import { middlewareSslHost } from './middleware-ssl-host.ts';
import { middlewareSslRedirect } from './middleware-ssl-redirect.ts';
import { port9000 } from './port-9000.ts';
import { ruleHostRegexp } from './rule-host-regexp.ts';
import { ruleHostSni } from './rule-host-sni.ts';
import { ruleMultipleValues } from './rule-multiple-values.ts';
import { rulePathRegexp } from './rule-path-regexp.ts';
import { ruleQuery } from './rule-query.ts';
import { ruleSyntaxDropped } from './rule-syntax-dropped.ts';
import { ruleSyntaxV2 } from './rule-syntax-v2.ts';
import { ruleUnknownMatcher } from './rule-unknown-matcher.ts';
import { tlsOptionCipherSuites } from './tls-option-cipher-suites.ts';
import { valuesCertResolvers } from './values-cert-resolvers.ts';
import { valuesExpose } from './values-expose.ts';
import { valuesGlobalArguments } from './values-global-arguments.ts';
import { valuesImage } from './values-image.ts';
import { valuesPortHttp } from './values-port-http.ts';
import { valuesRedirectTo } from './values-redirect-to.ts';
import { valuesTracing } from './values-tracing.ts';

export const checks: readonly Check[] = [
  ruleMultipleValues,
  rulePathRegexp,
  ruleHostRegexp,
  ruleUnknownMatcher,
  ruleQuery,
  ruleHostSni,
  ruleSyntaxDropped,
  ruleSyntaxV2,
  ingressPathRegexp,
  middlewareSslRedirect,
  middlewareSslHost,
  middlewareFeaturePolicy,
  middlewareIpWhiteList,
  middlewareForceSlash,
  middlewareAutoDetect,
  middlewareCaOptional,
  tlsOptionCipherSuites,
  apiGroup,
  gatewayCrds,
  valuesRedirectTo,
  valuesPortHttp,
  valuesCertResolvers,
  valuesExpose,
  valuesImage,
  valuesGlobalArguments,
  valuesTracing,
  argsRemoved,
  argsTracing,
  port9000,
  metricRemoved,
];
