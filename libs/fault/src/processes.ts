/** What runs on a node, seen from its side-car, which shares the node's PID namespace. */
import type { Commander } from '@faultline/control';

export interface Process {
  readonly pid: number;
  /** As the kernel has it: at most 15 characters. */
  readonly name: string;
  /** Since it was started, in seconds. */
  readonly age: number;
}

/** The kernel keeps no more of a name. */
const LONGEST_NAME = 15;

const COLUMNS = ['pid', 'mntns', 'etimes', 'stat', 'comm'].flatMap((column) => ['-o', `${column}=`]);
const ANSWER_MS = 10_000;

/** Everything that runs on the node, and none of the side-car's own: those are in the side-car's mount namespace. */
export async function processesOf(
  side: Commander,
  options: { signal?: AbortSignal } = {},
): Promise<readonly Process[]> {
  const asked = { ...options, timeoutMs: ANSWER_MS };
  const [own, all] = await Promise.all([
    side.exec(['readlink', '/proc/self/ns/mnt'], asked),
    side.exec(['ps', '-e', ...COLUMNS], asked),
  ]);
  const ours = /\d+/.exec(own.stdout)?.[0];
  return parseProcesses(all.stdout).flatMap(({ namespace, ...process }) => (namespace === ours ? [] : [process]));
}

/** Ended ones, of which only the number is left, are no processes. */
export function parseProcesses(text: string): readonly (Process & { readonly namespace: string })[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, namespace = '', age, state, name = ''] =
      /^\s*(\d+)\s+(\d+|-)\s+(\d+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), namespace, age: Number(age), name }];
  });
}

export const named = (processes: readonly Process[], name: string): readonly Process[] =>
  processes.filter((process) => process.name === name.slice(0, LONGEST_NAME));

const UID = /^[0-9a-f-]{36}$/;

/** Names the files of processes whose control group is of the pod $1. */
const OF_POD = 'grep -ls "$1" /proc/[0-9]*/cgroup';

/** What runs in the pod, but for its sandbox, which holds its network and does nothing else. @param uid of Kubernetes. */
export async function processesOfPod(
  side: Commander,
  uid: string,
  options: { signal?: AbortSignal } = {},
): Promise<readonly Process[]> {
  if (!UID.test(uid)) throw new Error(`"${uid}" is no uid of a pod`);
  const [all, { stdout }] = await Promise.all([
    processesOf(side, options),
    // 1 and 2: none has it, and one has just ended.
    side.exec(['sh', '-c', OF_POD, 'sh', uid], { ...options, accept: [0, 1, 2], timeoutMs: ANSWER_MS }),
  ]);
  const pids = new Set([...stdout.matchAll(/^\/proc\/(\d+)\/cgroup$/gm)].map(([, pid]) => Number(pid)));
  return all.filter(({ pid, name }) => pids.has(pid) && name !== 'pause');
}
