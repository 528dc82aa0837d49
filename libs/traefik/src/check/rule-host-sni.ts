/** Capital letters in the names of TLS. */
import { toTraefik3, type Check } from '../check.ts';
import { ruleChange } from '../rule-change.ts';

export const ruleHostSni: Check = {
  id: 'rule-host-sni',
  severity: 'breaks',
  title: 'HostSNI compares with capital letters',
  since: 'Traefik 3.0 (k3s v1.32.2)',
  isCrossed: toTraefik3,
  sources: ['traefik v2.11.18 pkg/muxer/tcp/mux.go', 'traefik v3.3.6 pkg/muxer/tcp/matcher.go (hostSNI)'],
  kinds: ['IngressRouteTCP'],
  explanation:
    'A client sends the name in small letters. Traefik 2 compares without regard to capitals, Traefik 3 as it is written: a ' +
    'capital never matches, and connections are refused. Small letters mean the same to both.',
  row: 'G06-host-sni-capitals',
  look: ruleChange('host-sni', () => ({
    message: 'Traefik 3 compares HostSNI as it is written, and clients ask in small letters: no connection matches.',
    advice: 'Write the name in small letters.',
  })),
};
