/** Every machine that can hold the address: the nodes, and the pair in front of them where there is one. */
export function machinesOf<M>({
  nodes,
  balancers,
}: {
  readonly nodes: readonly M[];
  readonly balancers: readonly M[];
}): readonly M[] {
  return [...nodes, ...balancers];
}
