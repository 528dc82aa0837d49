/**
 * Nothing of a run gets out: every container on the LAN loses its default route before anything else starts in it.
 *
 * The engine puts the default route back at each start of a container, so this stands in the entrypoint, and not in a
 * step of ours after the start. The LAN itself, the bridge's .1 included, stays reachable: it is on-link.
 */

/**
 * Works with iproute2 and with busybox. Without the IPv4 route the container does not start. IPv6 may be off in the
 * container, which is as good as unreachable: there it is only tried.
 */
const script = [
  'ip route replace unreachable default || exit 1',
  'ip -6 route replace unreachable default metric 1 2>/dev/null',
  'exec "$@"',
].join('\n');

/** The entrypoint that runs this command in a container that cannot reach out. Needs NET_ADMIN, `sh` and `ip` in the image. */
export function isolated(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', script, 'sh', ...argv];
}
