/** An agent is made again on its own volumes, with another address: what a new lease does to a machine. */
import type { Rig } from '@faultline/claims';
import { question, type Question } from './question.ts';

const NODE = 'agent-1';
const ADDRESSES = { here: 40, control: 41 } as const;
const WITHIN_MS = 60_000;
/** As the line of the log has it: docs/findings/a-node-with-a-new-address-may-never-start.md. */
const ENDED = /failed to find interface with specified node ip/;
const ANNOTATION = 'alpha.kubernetes.io/provided-node-ip';

export const nodeAddressChanged: Question = question({
  name: 'node-address-changed',
  here: 'here',
  control: 'control',
  ask: async (rig: Rig, side: keyof typeof ADDRESSES) => {
    const address = rig.cluster.network.subnet.replace(/\d+\/24$/, String(ADDRESSES[side]));
    const container = await movedTo(rig, address);
    // The next question needs the node. Where it does not return all the same, that question says so.
    if (side === 'here') rig.defer(() => helped(rig, address).catch(() => undefined));
    else await annotate(rig, address);
    const isBack = await comesBack(rig, address).catch(() => false);
    const hasEnded = ENDED.test(await logsOf(rig, container));
    const told = hasEnded
      ? 'its k3s has ended for want of the old address'
      : 'its k3s has not ended for want of an address';
    const saw = `after ${WITHIN_MS / 1000} s at most ${NODE} ${isBack ? `is Ready at ${address}` : `is not Ready at ${address}`}; ${told}`;
    return { holds: !isBack && hasEnded, saw };
  },
});

/** The same node on another address; its data is where it was. @returns the engine's id of its container */
async function movedTo({ cluster, signal }: Rig, address: string): Promise<string> {
  const { engine, network } = cluster;
  // By its name: it may be another one than the cluster was booted with.
  const old = engine.getContainer(`faultline-${cluster.run}-${NODE}`);
  const { Config, HostConfig, Name } = await old.inspect();
  signal.throwIfAborted();
  // With the volumes that have no name; those of its data have.
  await old.remove({ force: true, v: true });
  const words = Config.Cmd ?? [];
  const moved = await engine.createContainer({
    ...Config,
    name: Name.slice(1),
    Cmd: words.map((word) => (word.startsWith('--node-ip=') ? `--node-ip=${address}` : word)),
    HostConfig,
    NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: address } } } },
  });
  await moved.start();
  return moved.id;
}

const annotate = (rig: Rig, address: string): Promise<string> =>
  rig.kubectl('annotate', '--overwrite', 'node', NODE, `${ANNOTATION}=${address}`);

async function comesBack(rig: Rig, address: string, withinMs = WITHIN_MS): Promise<boolean> {
  const of =
    'jsonpath={.status.addresses[?(@.type=="InternalIP")].address} {.status.conditions[?(@.type=="Ready")].status}';
  const ask = () => rig.kubectl('get', 'node', NODE, '--output', of);
  await rig.until(`${NODE} is Ready at ${address}`, withinMs, ask, (said) => said === `${address} True`);
  return true;
}

async function helped(rig: Rig, address: string): Promise<void> {
  await annotate(rig, address);
  await comesBack(rig, address, 180_000);
}

async function logsOf({ cluster }: Rig, container: string): Promise<string> {
  return String(await cluster.engine.getContainer(container).logs({ stdout: true, stderr: true, tail: 5000 }));
}
