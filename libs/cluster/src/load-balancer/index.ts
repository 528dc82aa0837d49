import type { LoadBalancerName } from '../spec.ts';
import { keepalived } from './keepalived.ts';
import { kubeVipArp } from './kube-vip-arp.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { metallbL2 } from './metallb-l2.ts';
import { servicelb } from './servicelb.ts';

export const loadBalancers: Readonly<Record<LoadBalancerName, LoadBalancer>> = {
  servicelb,
  'metallb-l2': metallbL2,
  'kube-vip-arp': kubeVipArp,
  keepalived,
};
