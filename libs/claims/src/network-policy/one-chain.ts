/**
 * What k3s' policy controller makes of the specification, where that differs: kube-router puts the rules of both directions of
 * a policy into one chain of iptables, and of a policy of both types both directions of a pod pass it
 * (pkg/controllers/netpol/pod.go, setupPodNetpolRules: no `-s` and no `-d` with the type `both`). So between two pods that
 * such a policy selects, a rule of one direction opens the other as well.
 */
import { endOf, hasRuleFor, isAbout, selects, typesOf, type Connection, type Direction } from './evaluate.ts';
import type { NetworkPolicy, World } from './policy.ts';

const DIRECTIONS: readonly Direction[] = ['Ingress', 'Egress'];

export function mayConnectByOneChain(
  world: World,
  policies: readonly NetworkPolicy[],
  connection: Connection,
): boolean {
  if (connection.from === connection.to) return true;
  return DIRECTIONS.every((direction) => {
    const about = policies.filter((policy) => isAbout(policy, direction, connection));
    return about.length === 0 || about.some((policy) => isInItsChain(world, policy, direction, connection));
  });
}

function isInItsChain(world: World, policy: NetworkPolicy, direction: Direction, connection: Connection): boolean {
  const passed = typesOf(policy.spec).length === 2 ? DIRECTIONS : [direction];
  return passed.some((one) => selects(policy, endOf(one, connection)) && hasRuleFor(policy, one, world, connection));
}
