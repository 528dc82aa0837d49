/** Pods of a bare node: each a network namespace on the node's bridge, and one process in it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FILES, type Argv, type Pod, type PodNetwork } from './config.ts';
import { keepRunning, run, type Kept } from './process.ts';

interface Running {
  readonly pod: Pod;
  readonly process: Kept;
}

export class Pods {
  readonly #network: PodNetwork;
  readonly #running = new Map<string, Running>();

  constructor(network: PodNetwork) {
    this.#network = network;
  }

  status(): Record<string, boolean> {
    return Object.fromEntries([...this.#running].map(([name, { process }]) => [name, process.running]));
  }

  /** Makes what runs equal to what the file says. No file: no pods. */
  async apply(): Promise<void> {
    const wanted = new Map((await readPods()).map((pod) => [pod.name, pod]));
    const old = [...this.#running.values()].filter(({ pod }) => !same(pod, wanted.get(pod.name)));
    await Promise.all(old.map((running) => this.#stop(running)));
    const fresh = [...wanted.values()].filter(({ name }) => !this.#running.has(name));
    await Promise.all(fresh.map((pod) => this.#start(pod)));
  }

  async #start(pod: Pod): Promise<void> {
    try {
      for (const command of podNetwork(pod, this.#network)) await run(command);
    } catch (error) {
      await removeNetwork(pod).catch(() => {});
      throw error;
    }
    const process = keepRunning(['nsenter', `--net=${pod.netns}`, '--', ...pod.argv], pod.env);
    this.#running.set(pod.name, { pod, process });
  }

  async #stop({ pod, process }: Running): Promise<void> {
    await process.stop();
    await removeNetwork(pod);
    this.#running.delete(pod.name);
  }
}

/** What a CNI bridge plugin does for a pod. */
export function podNetwork(pod: Pod, { bridge, gateway, prefix, mtu }: PodNetwork): readonly Argv[] {
  const netns = basename(pod.netns);
  const veth = vethOf(pod);
  const size = String(mtu);
  return [
    ['ip', 'netns', 'add', netns],
    ['ip', 'link', 'add', veth, 'mtu', size, 'type', 'veth', 'peer', 'name', 'eth0', 'mtu', size, 'netns', netns],
    ['ip', 'link', 'set', veth, 'master', bridge, 'up'],
    ['ip', '-n', netns, 'link', 'set', 'lo', 'up'],
    ['ip', '-n', netns, 'address', 'add', `${pod.address}/${prefix}`, 'dev', 'eth0'],
    ['ip', '-n', netns, 'link', 'set', 'eth0', 'up'],
    ['ip', '-n', netns, 'route', 'add', 'default', 'via', gateway],
  ];
}

/** The veth by itself, too: the kernel frees a namespace some time after it is deleted, and the name may be wanted again at once. */
async function removeNetwork(pod: Pod): Promise<void> {
  await run(['ip', 'netns', 'delete', basename(pod.netns)]);
  await run(['ip', 'link', 'delete', vethOf(pod)]).catch(() => {});
}

/** Names of interfaces are at most 15 characters long, those of pods are not. */
const vethOf = ({ name }: Pod): string => `veth${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;

async function readPods(): Promise<readonly Pod[]> {
  const text = await readFile(FILES.pods, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return JSON.parse(text) as readonly Pod[];
}

const same = (a: Pod, b: Pod | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
