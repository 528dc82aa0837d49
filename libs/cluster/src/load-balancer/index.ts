import type { LoadBalancerName } from '../spec.ts';
import { keepalived } from './keepalived.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { servicelb } from './servicelb.ts';

export const loadBalancers: Readonly<Record<LoadBalancerName, LoadBalancer>> = { servicelb, keepalived };
