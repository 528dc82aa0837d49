/**
 * The first process of a k3s node: a shell that keeps k3s running as systemd does on a machine, so that k3s can die, and be
 * restarted, while the kernel's state and the containers stay. `Restart=always`, `RestartSec=5s`, `KillMode=process`.
 *
 * What k3s does only where it is the first process itself, the keeper does in its place: it reaps what is left of ended
 * containers (the shell's `wait` reaps every child, adopted ones too), and with control groups of version 2 it empties the
 * root group, for kubelet can only then hand controllers on to pods (pkg/cli/cmds/init_linux.go). With version 1 a group
 * with processes may have children, and k3s does nothing there, and nor does the keeper.
 */

const FOLDER = '/etc/rancher/faultline';

/** There once the node was up. Before that a k3s that dies ends the container: whoever boots it is told at once. */
export const UP_FILE: string = `${FOLDER}/up`;

/** The number of the k3s process. On tmpfs: after a start of the container there is none yet. */
export const PID_FILE = '/run/faultline-k3s.pid';

/** systemd waits as long before it starts a service again that died, in seconds. */
const RESTART_SECONDS = 5;

/** How long everything else may take to end when the node is stopped, in seconds, before the kernel kills it. */
const LAST_SECONDS = 10;

/** k3s as the first process says "failed to evacuate root cgroup" and ends. */
const evacuate = `if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init || exit 1
  while read -r pid; do
    echo "$pid" >/sys/fs/cgroup/init/cgroup.procs || exit 1
  done </sys/fs/cgroup/cgroup.procs
  for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control || exit 1
  done
fi`;

/**
 * SIGTERM and SIGINT stop the node: k3s first, then all others, as a machine that shuts down does. SIGHUP restarts k3s, as
 * `systemctl restart` does: it ends in order, and is started again at once.
 *
 * A trap cuts `wait` short, so it is asked again for as long as there is something to wait for; first, and not only where
 * that is still there: one that ended at once has an exit code too. A second SIGTERM is kept
 * from k3s, which would drop everything at it.
 */
const keep = `k3s= ending= restarting=
end() { [ -n "$k3s" ] && kill -TERM "$k3s" 2>/dev/null; }
trap '[ -n "$ending" ] || { ending=1; end; }' TERM INT
trap '[ -n "$ending$restarting" ] || { restarting=1; end; }' HUP
pause() { sleep "$1" & wait $!; }
last_orders() {
  [ $$ -eq 1 ] || return
  kill -s TERM -- -1 2>/dev/null
  left=${LAST_SECONDS}
  while [ $left -gt 0 ]; do
    set -- /proc/[0-9]*
    [ $# -le 1 ] && return
    pause 1
    left=$((left - 1))
  done
}
while [ -z "$ending" ]; do
  restarting=
  "$@" &
  k3s=$!
  [ -z "$ending" ] || end
  echo "$k3s" >${PID_FILE}
  while wait "$k3s"; code=$?; kill -0 "$k3s" 2>/dev/null; do :; done
  k3s=
  [ -e ${UP_FILE} ] || exit "$code"
  [ -n "$ending$restarting" ] && continue
  echo "faultline: k3s ended with exit code $code, and is started again in ${RESTART_SECONDS} s" >&2
  pause ${RESTART_SECONDS}
done
last_orders
exit "$code"`;

/** The command that keeps this one running. */
export function kept(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', `${evacuate}\n${keep}`, 'sh', ...argv];
}
