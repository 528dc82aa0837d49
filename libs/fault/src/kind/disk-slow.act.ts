/**
 * The throttle of the node's control group, written from inside the node: the engine's update knows no such limit.
 *
 * With control groups of version 1 a limit holds for the group itself: k3s, its datastore and containerd; pods are in groups
 * below, and go on as fast as before. With version 2 (not shown) it holds for everything below as well.
 */
import { containerCommander, type Commander } from '@faultline/control';
import { isDead } from '../table-owner.ts';
import type { Act } from './act.ts';

const ANSWER_MS = 30_000;
/** Written on the disk of the volumes, and taken away again at once. */
const SAMPLE = '/var/lib/faultline-disk-sample';
const SAMPLE_KB = 256;
const DEVICE = /^\d{1,4}:\d{1,7}$/;

/** Reads which disk it is, as whole and not as a partition: a limit is for whole disks. $1 is a file on it. */
const WHICH = `n=$(stat -c %d "$1") || exit 1
d=$((n >> 8 & 4095)):$(((n & 255) | (n >> 12 & 1048320)))
if [ -e /sys/dev/block/$d/partition ]; then cat /sys/dev/block/$d/../dev; else echo $d; fi
ls -d /sys/dev/block/$d >/dev/null || exit 1`;

/** The limits of device $1 become $2 bytes a second; 0 is none. Prints what the kernel has then. */
const LIMIT = `cd /sys/fs/cgroup
if [ -e blkio/blkio.throttle.write_bps_device ]; then
  for way in read write; do
    [ -z "$2" ] || echo "$1 $2" >blkio/blkio.throttle.\${way}_bps_device || exit 1
    cat blkio/blkio.throttle.\${way}_bps_device
  done
else
  case "$2" in '') ;; 0) echo "$1 rbps=max wbps=max" >io.max ;; *) echo "$1 rbps=$2 wbps=$2" >io.max ;; esac || exit 1
  cat io.max
fi`;

export const diskSlowAct: Act = {
  keepsDataPlane: true,

  async survey({ node, signal }) {
    const { stdout } = await inNode(node, WHICH, ['/etc/hosts'], signal);
    const device = stdout.trim();
    if (!DEVICE.test(device)) throw new Error(`the disk of ${node.name} cannot be told: "${device}"`);
    if ((await limits(node, device, signal)).length > 0)
      throw new Error(`the disk of ${node.name} (${device}) has a limit already, which this fault did not make`);
    return { device };
  },

  async prepare({ engine, node, plan, signal }, memory) {
    const device = String(memory['device']);
    const bytes = Number(plan.parameters['kbps']) * 1000;
    const heal = async () => void ((await isDead(engine, node.container)) || (await unlimit(node, device)));
    const before = await rate(node, signal);
    return {
      strike: async () => void (await inNode(node, LIMIT, [device, String(bytes)], signal)),
      async prove(proveSignal) {
        const now = await limits(node, device, proveSignal);
        const isThere = now.some((line) => line.includes(String(bytes)));
        const kbps = await rate(node, proveSignal);
        const detail = `${now.join(', ') || 'no limit'}; writes ${kbps} kB/s, before ${before} kB/s`;
        return { state: isThere, effect: kbps * 1000 < 2 * bytes, detail };
      },
      heal,
      async proveGone() {
        if (await isDead(engine, node.container)) return { state: true, effect: null, detail: 'the node is gone' };
        const left = await limits(node, device);
        return { state: left.length === 0, effect: null, detail: left.join(', ') || `no limit on ${device}` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  async undo(engine, { container, node, memory = {} }) {
    const device = String(memory['device']);
    if (!DEVICE.test(device)) return `refused: ${device} is no disk`;
    // The group went with the node, and a node that was started again has another.
    if (await isDead(engine, container)) return 'the node is gone, and it with it';
    await unlimit(containerCommander(engine, container, node), device);
    return `${device} has no limit any more`;
  },
};

const inNode = (node: Commander, script: string, words: readonly string[], signal?: AbortSignal) =>
  node.exec(['sh', '-c', script, 'sh', ...words], { timeoutMs: ANSWER_MS, ...(signal && { signal }) });

const unlimit = (node: Commander, device: string) => inNode(node, LIMIT, [device, '0']);

async function limits(node: Commander, device: string, signal?: AbortSignal): Promise<readonly string[]> {
  const { stdout } = await inNode(node, LIMIT, [device, ''], signal);
  return stdout.split('\n').filter((line) => line.startsWith(`${device} `) && !/^\S+ (rbps=max wbps=max)/.test(line));
}

/** kB a second that one write to the disk comes to, by dd's own watch: on a busy host the way to it takes longer. */
async function rate(node: Commander, signal: AbortSignal): Promise<number> {
  const argv = ['dd', 'if=/dev/zero', `of=${SAMPLE}`, 'bs=1000', `count=${SAMPLE_KB}`, 'conv=fsync'];
  const { stderr } = await node.exec(argv, { signal, timeoutMs: ANSWER_MS });
  await node.exec(['rm', '-f', SAMPLE], { signal, timeoutMs: ANSWER_MS });
  const took = /copied, ([\d.]+) s/.exec(stderr)?.[1];
  if (took === undefined) throw new Error(`dd on ${node.name} did not say how long it took: ${stderr.trim()}`);
  return Math.round(SAMPLE_KB / Math.max(Number(took), 1e-6));
}
