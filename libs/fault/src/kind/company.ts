/** The peers that a fault's parameters name, at the place where it is done. */
import { peersOf, type Machine } from '../peers.ts';
import type { Scene } from './act.ts';

export function peersAt({ node, struck, machines, plan }: Scene): readonly Machine[] | undefined {
  return peersOf(plan.parameters['peers'], { self: node.name, struck, machines });
}
