/** The ledger: every claim, by topic. */
import type { Claim } from '../claim.ts';
import { changed } from './changed.ts';
import { chartConfig } from './chart-config.ts';
import { charts } from './charts.ts';
import { dns } from './dns.ts';
import { failover } from './failover.ts';
import { flannel } from './flannel.ts';
import { routes } from './ingress.ts';
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

export const TOPICS: readonly Topic[] = [
  { title: 'Traefik in k3s, and its chart', claims: byId([...versions, ...charts, ...chartConfig]) },
  { title: 'ServiceLB', claims: byId([...serviceLb, ...serviceLbAddresses, ...changed]) },
  { title: 'Flannel', claims: byId(flannel) },
  { title: 'NetworkPolicy', claims: byId(policies) },
  { title: 'Ports, nodes and kube-proxy', claims: byId([...ports, ...services]) },
  { title: 'DNS', claims: byId(dns) },
  { title: 'MetalLB and kube-vip', claims: byId(providers) },
  { title: 'Ingress', claims: byId(routes) },
  { title: 'Failures', claims: byId(failover) },
];

export const CLAIMS: readonly Claim[] = byId(TOPICS.flatMap(({ claims }) => claims));
