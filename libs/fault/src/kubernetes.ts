/**
 * Kubernetes, asked from inside a server's container: it needs no port and no kubeconfig, so that the supervisor and the
 * doctor can ask as well, by nothing but the ledger.
 */
import { containerCommander, isMissing, type Engine } from '@faultline/control';
import type { Scene } from './kind/act.ts';
import type { Intent } from './ledger/entry.ts';

export interface Asking {
  readonly signal?: AbortSignal;
  readonly input?: string;
  readonly timeoutMs?: number;
}

/** @returns what it printed. @throws Error where no server runs, or none that does takes the command. */
export type Kubectl = (argv: readonly string[], options?: Asking) => Promise<string>;

/** Of one server, when it is busy; the next is asked then. */
const ANSWER_MS = 15_000;

/** @param servers containers, in the order in which they are tried. */
export function kubectlOn(engine: Engine, servers: readonly string[]): Kubectl {
  return async (argv, options = {}) => {
    const refusals: unknown[] = [];
    for (const id of servers) {
      options.signal?.throwIfAborted();
      try {
        const { State, Name } = await engine.getContainer(id).inspect();
        if (!State.Running || State.Paused) throw new Error(`${Name.slice(1)} is ${State.Status}`);
        const server = containerCommander(engine, id, Name.slice(1));
        // Not `k3s kubectl`: the k3s of the image is not the wrapper that a host has, and takes it for a command too many.
        const { stdout } = await server.exec(['kubectl', ...argv], { timeoutMs: ANSWER_MS, ...options });
        return stdout;
      } catch (error) {
        refusals.push(error);
      }
    }
    const reasons = refusals.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
    throw new Error(`no server did \`kubectl ${argv.join(' ')}\`: ${reasons}`, { cause: refusals[0] });
  };
}

/** @throws Error where the cluster has no Kubernetes, which names the fault. */
export function kubectlOf({ engine, servers, plan }: Pick<Scene, 'engine' | 'servers' | 'plan'>): Kubectl {
  if (servers.length > 0) return kubectlOn(engine, servers);
  throw new Error(`${plan.kind} acts on Kubernetes, and there is none here. Allowed on: k3s. Next: --substrate k3s`);
}

/** Undoes by what the ledger knows. A cluster that was removed took everything of Kubernetes along. */
export async function undoBy(
  engine: Engine,
  { servers = [] }: Intent,
  undo: (kubectl: Kubectl) => Promise<string>,
): Promise<string> {
  const there = await Promise.all(servers.map((id) => exists(engine, id)));
  if (!there.includes(true)) return 'the servers are gone, and it with them';
  return await undo(kubectlOn(engine, servers));
}

/** On everything that a fault makes in Kubernetes: by it, and by nothing else, it is removed. */
export const FAULT_LABEL = 'faultline.fault';

/** Of what kubectl is told on its standard input, which is ours and known to be right: it need not fetch the schema first. */
export const CREATE: readonly string[] = ['create', '--validate=false', '--filename=-'];
/** On a server that is busy: 15 s were not enough once (seen). */
export const CREATE_MS = 45_000;

/** @throws Error when one of that name is there: it would be somebody else's. */
export async function refuseStrangers(
  kubectl: Kubectl,
  kind: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const argv = ['get', kind, ...names, '--namespace=default', '--ignore-not-found', '--output=name'];
  const there = (await kubectl(argv, { signal })).trim();
  if (there) throw new Error(`there is a ${there.split('\n').join(', ')} already, which this fault did not make`);
}

/** Idempotent, and waits for nothing: a pod ends when its kubelet says so. @param kinds as kubectl names them: `pods`. */
export async function removeOf(kubectl: Kubectl, kinds: string, fault: string): Promise<string> {
  const argv = ['delete', kinds, '--namespace=default', `--selector=${FAULT_LABEL}=${fault}`];
  return (await kubectl([...argv, '--ignore-not-found', '--wait=false'])).trim() || 'was not there';
}

async function exists(engine: Engine, id: string): Promise<boolean> {
  try {
    await engine.getContainer(id).inspect();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
