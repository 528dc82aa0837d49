/** Pods of a bare node: each a network namespace on the node's bridge, and one process in it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FILES, type Argv, type NodeConfig, type Pod } from './config.ts';
import { keepRunning, run, type Kept } from './process.ts';

interface Running {
  readonly pod: Pod;
  readonly process: Kept;
}

export class Pods {
  readonly #network: NodeConfig['pods'];
  readonly #running = new Map<string, Running>();

  constructor(network: NodeConfig['pods']) {
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
    for (const command of podNetwork(pod, this.#network)) await run(command);
    const process = keepRunning(['nsenter', `--net=${pod.netns}`, '--', ...pod.argv], pod.env);
    this.#running.set(pod.name, { pod, process });
  }

  async #stop({ pod, process }: Running): Promise<void> {
    await process.stop();
    await run(['ip', 'netns', 'delete', basename(pod.netns)]);
    this.#running.delete(pod.name);
  }
}

/** What a CNI bridge plugin does for a pod. The veth goes with the namespace. */
export function podNetwork(pod: Pod, { bridge, gateway, prefix, mtu }: NodeConfig['pods']): readonly Argv[] {
  const netns = basename(pod.netns);
  const veth = `veth${createHash('sha256').update(pod.name).digest('hex').slice(0, 8)}`;
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

async function readPods(): Promise<readonly Pod[]> {
  const text = await readFile(FILES.pods, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return JSON.parse(text) as readonly Pod[];
}

const same = (a: Pod, b: Pod | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
