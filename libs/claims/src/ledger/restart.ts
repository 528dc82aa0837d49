/** k3s started again on a node, with other flags or as it was. */
import { K3S_PID_FILE } from '@faultline/cluster/plan';
import type { Rig } from '../rig.ts';

/** Flags, as k3s' configuration file has them: without dashes; lists are added to those of the command line. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[]>>;

const FILE = '/etc/rancher/k3s/config.yaml.d/claims.yaml';

/** As long as a start may take on a busy host. */
const UP_WITHIN_MS = 90_000;

/** Starts k3s again with these flags besides; afterwards it is started once more without them. */
export async function withFlags(rig: Rig, nodes: readonly string[], flags: Flags): Promise<void> {
  rig.defer(async () => {
    for (const name of nodes) {
      await rig.node(name).exec(['rm', '-f', FILE], { signal: rig.signal });
      await startAgain(rig, name);
    }
  });
  for (const name of nodes) {
    // JSON is YAML.
    await rig.node(name).copyIn([{ path: FILE, content: JSON.stringify(flags) }], { signal: rig.signal });
    await startAgain(rig, name);
  }
}

/** Returns when kube-proxy, which is one of the last to come, answers for a process that was not there before. */
export async function startAgain(rig: Rig, name: string): Promise<void> {
  const before = await pidOf(rig, name);
  await rig.node(name).exec(['kill', '-HUP', '1'], { signal: rig.signal });
  const pid = await rig.until(
    `k3s on ${name} is another process`,
    UP_WITHIN_MS,
    () => pidOf(rig, name),
    (now) => now !== before,
  );
  // One that ends is started again and again: there is nothing to wait for.
  const ask = async () => ((await pidOf(rig, name)) === pid ? await standing(rig, name) : ENDED);
  const said = await rig.until(`k3s on ${name} is up`, UP_WITHIN_MS, ask, (one) => one === 'up' || one === ENDED);
  if (said === ENDED) throw new Error(`k3s on ${name} ended as soon as it had started`);
}

const ENDED = 'it ended';

/** Its process does nothing any more, until the question is over; its pods go on. */
export async function stopK3s(rig: Rig, name: string): Promise<void> {
  const node = rig.node(name);
  const pid = await pidOf(rig, name);
  rig.defer(() => node.exec(['kill', '-CONT', pid]));
  await node.exec(['kill', '-STOP', pid], { signal: rig.signal });
}

const pidOf = async (rig: Rig, name: string): Promise<string> =>
  (await rig.node(name).exec(['cat', K3S_PID_FILE], { signal: rig.signal })).stdout.trim();

async function standing(rig: Rig, name: string): Promise<string> {
  const mode = await proxyMode(rig, name);
  if (mode === '') return 'kube-proxy does not answer';
  const { exitCode, text } = await rig.said('get', '--raw', '/readyz');
  return exitCode === 0 ? 'up' : text;
}

/** What kube-proxy says of itself; empty: it does not answer. */
export async function proxyMode(rig: Rig, node: string): Promise<string> {
  const { status, body } = await rig.asked('http://127.0.0.1:10249/proxyMode', { from: rig.node(node).side });
  return status === '200' ? body.trim() : '';
}
