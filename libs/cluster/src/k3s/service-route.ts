/**
 * Service addresses are nowhere: kube-proxy rewrites them on their way out. But a packet of the node itself is routed
 * before it is rewritten, and our nodes have no default route to take it that far: "no route to host", for whatever pod
 * shares the node's network (seen with MetalLB's speaker, which asks the API by its Service).
 *
 * So they get a route of their own, as a default route would be: by the LAN, with the node's address there as the source.
 * One that no rule rewrites ends on the LAN, unanswered.
 */

/** k3s' --service-cidr, unless it is told otherwise. */
const SERVICES = '10.43.0.0/16';

/** A command that prepares the node, and becomes the given one. */
export function withServiceRoute(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', `ip route replace ${SERVICES} dev eth0 || exit 1\nexec "$@"`, 'sh', ...argv];
}
