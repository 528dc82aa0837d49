/** The ledger: every claim, by topic. */
import type { Claim } from '../claim.ts';
import { failover } from './failover.ts';
import { serviceLb } from './servicelb.ts';
import { versions } from './versions.ts';

export interface Topic {
  readonly title: string;
  readonly claims: readonly Claim[];
}

const byId = (claims: readonly Claim[]): readonly Claim[] =>
  claims.toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));

export const TOPICS: readonly Topic[] = [
  { title: 'Traefik in k3s', claims: byId([...versions]) },
  { title: 'ServiceLB', claims: byId([...serviceLb]) },
  { title: 'Failures', claims: byId([...failover]) },
];

export const CLAIMS: readonly Claim[] = byId(TOPICS.flatMap(({ claims }) => claims));
