/** What is kept of Traefik's own kinds. Source of the fields: pkg/provider/kubernetes/crd of v2.11.18 and v3.3.6. */
import { dropped, fields, list, location, plain, redacted, table, tree, type Keep } from '../keep.ts';
import { headers, secretName } from './meta.ts';
import { rule } from './rule.ts';

const named = fields({ name: plain, namespace: plain });
const sticky = fields({
  cookie: fields({ name: plain, secure: plain, httpOnly: plain, sameSite: plain, maxAge: plain }),
});
const health = fields({
  path: location,
  scheme: plain,
  mode: plain,
  port: plain,
  interval: plain,
  timeout: plain,
  status: plain,
  method: plain,
  hostname: plain,
  followRedirects: plain,
  headers,
});
const target = {
  name: plain,
  namespace: plain,
  kind: plain,
  port: plain,
  weight: plain,
  scheme: plain,
  strategy: plain,
  passHostHeader: plain,
  responseForwarding: fields({ flushInterval: plain }),
  serversTransport: plain,
  sticky,
  nativeLB: plain,
  nodePortLB: plain,
  healthCheck: health,
};
const service = fields(target);
const domains = list(fields({ main: plain, sans: list(plain) }));
const tls = fields({
  secretName,
  options: named,
  store: named,
  certResolver: plain,
  domains,
  passthrough: plain,
});

export const ingressRoute: Keep = fields({
  entryPoints: list(plain),
  routes: list(
    fields({
      match: rule,
      kind: plain,
      priority: plain,
      syntax: plain,
      middlewares: list(named),
      services: list(service),
    }),
  ),
  tls,
});

const tcpService = fields({
  name: plain,
  namespace: plain,
  port: plain,
  weight: plain,
  terminationDelay: plain,
  proxyProtocol: fields({ version: plain }),
  serversTransport: plain,
  nativeLB: plain,
  nodePortLB: plain,
  tls: plain,
});

/** Of UDP as well, which has no rule. */
export const ingressRouteTcp: Keep = fields({
  entryPoints: list(plain),
  routes: list(
    fields({ match: rule, priority: plain, syntax: plain, middlewares: list(named), services: list(tcpService) }),
  ),
  tls,
});

export const traefikService: Keep = fields({
  weighted: fields({ services: list(service), sticky }),
  mirroring: fields({
    ...target,
    maxBodySize: plain,
    mirrorBody: plain,
    mirrors: list(fields({ ...target, percent: plain })),
  }),
});

const depth = fields({ depth: plain, excludedIPs: list(plain), ipv6Subnet: plain });
const source = fields({ ipStrategy: depth, requestHeaderName: plain, requestHost: plain });
const users = fields({ secret: secretName, realm: plain, removeHeader: plain, headerField: plain });
const allowed = fields({ sourceRange: list(plain), ipStrategy: depth, rejectStatusCode: plain });

/** What a header says is dropped, that it is set is kept; the rest of `headers` are switches and lists of names. */
const headerFields = fields({
  customRequestHeaders: headers,
  customResponseHeaders: headers,
  sslProxyHeaders: headers,
  ...Object.fromEntries(
    ['accessControlAllowHeaders', 'accessControlAllowMethods', 'accessControlAllowOriginList', 'allowedHosts']
      .concat(['accessControlAllowOriginListRegex', 'accessControlExposeHeaders', 'hostsProxyHeaders'])
      .map((name) => [name, list(plain)]),
  ),
  ...Object.fromEntries(
    ['accessControlAllowCredentials', 'accessControlMaxAge', 'addVaryHeader', 'browserXssFilter', 'contentTypeNosniff']
      .concat(['forceSTSHeader', 'frameDeny', 'isDevelopment', 'sslForceHost', 'sslHost', 'sslRedirect'])
      .concat(['sslTemporaryRedirect', 'stsIncludeSubdomains', 'stsPreload', 'stsSeconds', 'featurePolicy'])
      .map((name) => [name, plain]),
  ),
  customFrameOptionsValue: redacted,
  contentSecurityPolicy: redacted,
  referrerPolicy: redacted,
  permissionsPolicy: redacted,
});

export const middleware: Keep = fields({
  addPrefix: fields({ prefix: plain }),
  stripPrefix: fields({ prefixes: list(plain), forceSlash: plain }),
  stripPrefixRegex: fields({ regex: list(plain) }),
  replacePath: fields({ path: location }),
  replacePathRegex: fields({ regex: plain, replacement: location }),
  redirectScheme: fields({ scheme: plain, port: plain, permanent: plain }),
  redirectRegex: fields({ regex: plain, replacement: location, permanent: plain }),
  chain: fields({ middlewares: list(named) }),
  compress: tree,
  contentType: tree,
  rateLimit: fields({ average: plain, burst: plain, period: plain, sourceCriterion: source }),
  inFlightReq: fields({ amount: plain, sourceCriterion: source }),
  inFlightConn: fields({ amount: plain }),
  ipWhiteList: allowed,
  ipAllowList: allowed,
  retry: fields({ attempts: plain, initialInterval: plain }),
  buffering: tree,
  circuitBreaker: tree,
  grpcWeb: tree,
  headers: headerFields,
  basicAuth: users,
  digestAuth: users,
  forwardAuth: fields({
    address: location,
    trustForwardHeader: plain,
    authResponseHeaders: list(plain),
    authResponseHeadersRegex: plain,
    authRequestHeaders: list(plain),
    addAuthCookiesToResponse: list(plain),
    tls: fields({ caSecret: secretName, certSecret: secretName, insecureSkipVerify: plain, caOptional: plain }),
  }),
  errors: fields({ status: list(plain), service, query: location }),
  plugin: dropped('plugins may be told anything'),
});

export const tlsOption: Keep = fields({
  minVersion: plain,
  maxVersion: plain,
  cipherSuites: list(plain),
  curvePreferences: list(plain),
  clientAuth: fields({ secretNames: list(secretName), clientAuthType: plain }),
  sniStrict: plain,
  preferServerCipherSuites: plain,
  alpnProtocols: list(plain),
});

export const tlsStore: Keep = fields({
  defaultCertificate: fields({ secretName }),
  certificates: list(fields({ secretName })),
});

export const serversTransport: Keep = fields({
  serverName: plain,
  insecureSkipVerify: plain,
  rootCAsSecrets: list(secretName),
  certificatesSecrets: list(secretName),
  maxIdleConnsPerHost: plain,
  forwardingTimeouts: table(plain),
  disableHTTP2: plain,
});
