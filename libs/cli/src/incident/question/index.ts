/** The questions of the track record that need a cluster and that no claim asks. To add one: its file here, and its line. */
import { nodeAddressChanged } from './node-address-changed.ts';
import type { Question } from './question.ts';
import { readyWithoutRoutes } from './ready-without-routes.ts';
import { twoLoadBalancersFight } from './two-load-balancers-fight.ts';

export const QUESTIONS: Readonly<Record<string, Question>> = {
  'node-address-changed': nodeAddressChanged,
  'ready-without-routes': readyWithoutRoutes,
  'two-load-balancers-fight': twoLoadBalancersFight,
};
