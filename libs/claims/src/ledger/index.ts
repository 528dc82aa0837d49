/** The ledger: every claim, by topic. */
import type { Claim } from '../claim.ts';
import { changed } from './changed.ts';
import { chartConfig } from './chart-config.ts';
import { charts } from './charts.ts';
import { dns } from './dns.ts';
import { failover } from './failover.ts';
import { flags } from './flags.ts';
import { flannelPeers } from './flannel-peers.ts';
import { flannel } from './flannel.ts';
import { routes } from './ingress.ts';
import { joiningNodes } from './joining.ts';
import { lasting } from './lasting.ts';
import { policies } from './policy.ts';
import { ports } from './ports.ts';
import { providers } from './providers.ts';
import { serviceLbAddresses } from './servicelb-addresses.ts';
import { serviceLb } from './servicelb.ts';
import { services } from './services.ts';
import { versions } from './versions.ts';

export interface Topic {
  readonly title: string;
  readonly claims: readonly Claim[];
}

const byId = (claims: readonly Claim[]): readonly Claim[] =>
  claims.toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));

const ALL: readonly Claim[] = byId([
  ...[versions, charts, chartConfig, serviceLb, serviceLbAddresses, changed, ports, flags, joiningNodes].flat(),
  ...[flannel, flannelPeers, policies, lasting, services, dns, providers, routes, failover].flat(),
]);

/** The ledger numbers claims by topic. */
const TITLES = [
  [20, 'Traefik in k3s, and its chart'],
  [43, 'ServiceLB'],
  [47, 'Nodes and the cloud controller'],
  [60, 'Flannel and other networks'],
  [71, 'NetworkPolicy'],
  [76, 'Ports'],
  [85, 'Services and kube-proxy'],
  [93, 'DNS'],
  [103, 'MetalLB and kube-vip'],
  [116, 'Ingress, and the lab'],
  [126, 'Besides'],
] as const;

const numberOf = ({ id }: Claim): number => Number.parseInt(id.slice(1), 10);

export const TOPICS: readonly Topic[] = TITLES.map(([last, title], index) => {
  const before = TITLES[index - 1]?.[0] ?? 0;
  return { title, claims: ALL.filter((claim) => numberOf(claim) > before && numberOf(claim) <= last) };
});

export const CLAIMS: readonly Claim[] = ALL;
