/** The names of the matchers: which a generation knows, and in which spellings. */
import { nearest } from '@faultline/control/plan';
import type { Generation, Transport } from './tree.ts';

/** v2.11.18 pkg/muxer/{http,tcp}/mux.go; v3.3.6 pkg/muxer/{http,tcp}/matcher.go: httpFuncs, tcpFuncs. */
export const MATCHERS: Readonly<Record<Transport, Readonly<Record<Generation, readonly string[]>>>> = {
  http: {
    v2: 'Host HostHeader HostRegexp ClientIP Path PathPrefix Method Headers HeadersRegexp Query'.split(' '),
    v3: 'ClientIP Method Host HostRegexp Path PathRegexp PathPrefix Header HeaderRegexp Query QueryRegexp'.split(' '),
  },
  tcp: {
    v2: 'HostSNI HostSNIRegexp ClientIP ALPN'.split(' '),
    v3: 'ALPN ClientIP HostSNI HostSNIRegexp'.split(' '),
  },
};

/** The four spellings of pkg/rules/parser.go NewParser: `HostSNI`, `hostsni`, `HOSTSNI`, `Hostsni`; no others. */
export function matcherNamed(name: string, generation: Generation, transport: Transport): string | undefined {
  return MATCHERS[transport][generation].find((matcher) => {
    const lower = matcher.toLowerCase();
    return [matcher, lower, matcher.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)].includes(name);
  });
}

/** What a name of the other generation is called in this one; where that is no more than a name. */
const RENAMED: Readonly<Record<Generation, Readonly<Record<string, string>>>> = {
  v2: { Header: 'Headers', HeaderRegexp: 'HeadersRegexp', PathRegexp: 'Path', QueryRegexp: 'Query' },
  v3: { Headers: 'Header', HeadersRegexp: 'HeaderRegexp', HostHeader: 'Host' },
};

export function nearestMatcher(name: string, generation: Generation, transport: Transport): string | undefined {
  return RENAMED[generation][name] ?? nearest(name, MATCHERS[transport][generation]);
}
