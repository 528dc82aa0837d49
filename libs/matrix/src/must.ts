/**
 * Rows of every night, whatever the seed: each stands for something that went wrong at somebody's, or that other rows are
 * compared with. Where several cells fit, the one that can be run is taken, on the release that is the default.
 */
import { DEFAULT_K3S } from '@faultline/cluster/plan';
import type { NightCell } from './cell.ts';
import type { Candidate } from './model.ts';

export interface Must {
  readonly why: string;
  readonly where: Partial<NightCell>;
}

const k3s = { substrate: 'k3s', backend: 'vxlan' } as const;

export const MUST: readonly Must[] = [
  {
    why: 'metallb/metallb#298: a failover in layer 2 that took too long',
    where: { ...k3s, scenario: 'kill-the-announcing-node', loadBalancer: 'metallb-l2' },
  },
  {
    why: 'kube-vip/kube-vip#1377: an election that stalled',
    where: { ...k3s, scenario: 'kill-the-announcing-node', loadBalancer: 'kube-vip-arp' },
  },
  {
    why: 'k3s-io/klipper-lb#27: a dead node is still balanced to',
    where: { ...k3s, scenario: 'kill-the-announcing-node', loadBalancer: 'servicelb' },
  },
  {
    why: 'kube-vip/kube-vip#1385: two holders of one address',
    where: { ...k3s, scenario: 'freeze-the-announcing-node', loadBalancer: 'kube-vip-arp' },
  },
  {
    why: 'a firewall on 8472/udp leaves every node Ready, and pods apart',
    where: { ...k3s, scenario: 'block-vxlan', loadBalancer: 'servicelb' },
  },
  {
    why: 'no answer from the pod of a dead node for five minutes',
    where: { ...k3s, scenario: 'kill-the-ingress-node', loadBalancer: 'servicelb' },
  },
  {
    why: "the kernel's share of a failover: the same without Kubernetes",
    where: { scenario: 'kill-the-announcing-node', substrate: 'bare', backend: 'vxlan', loadBalancer: 'keepalived' },
  },
];

/** Index of the candidate that stands for it, or -1 where the night has none. */
export function mustIndex({ where }: Must, candidates: readonly Candidate[]): number {
  const wanted = Object.entries(where);
  const fitting = candidates.flatMap(({ cell, lacks }, index) =>
    wanted.every(([factor, value]) => cell[factor as keyof NightCell] === value)
      ? [{ index, cost: Number(lacks.length > 0) * 2 + Number(cell.k3s !== DEFAULT_K3S) }]
      : [],
  );
  return fitting.toSorted((a, b) => a.cost - b.cost)[0]?.index ?? -1;
}
