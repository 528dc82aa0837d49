/**
 * Nothing of a run gets out: every container on the LAN loses its default route before anything else starts in it.
 *
 * The engine puts the default route back at each start of a container, so this stands in the entrypoint, and not in a
 * step of ours after the start. The LAN itself, the bridge's .1 included, stays reachable: it is on-link.
 */

/**
 * While this file of a container has content, the container goes no further than its network: a fault holds a node here that
 * it starts again, to be there first. Written and emptied from outside, whether the container runs or not.
 */
export const HOLD_FILE = '/etc/faultline/hold';

/**
 * Works with iproute2 and with busybox. Without the IPv4 route the container does not start. IPv6 may be off in the
 * container, which is as good as unreachable: there it is only tried.
 */
const script = [
  'ip route replace unreachable default || exit 1',
  'ip -6 route replace unreachable default metric 1 2>/dev/null',
  // The first process of a container hears no signal that it has no trap for.
  "trap 'exit 143' TERM INT",
  `while [ -s ${HOLD_FILE} ]; do sleep 0.2; done`,
  'exec "$@"',
].join('\n');

/** The entrypoint that runs this command in a container that cannot reach out. Needs NET_ADMIN, `sh` and `ip` in the image. */
export function isolated(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', script, 'sh', ...argv];
}
