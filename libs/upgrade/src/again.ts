/**
 * Whether everything runs again after nodes were replaced, and Traefik knows: what is asked too early is answered with 503, and
 * that says nothing of the upgrade. A pod is Ready by its kubelet's last word, which is older than the replacement: what counts is
 * when its containers began.
 */
import { done, notYet, waitFor, type Commander } from '@faultline/control';
import type { History } from '@faultline/history';
import type { Door } from './assertion.ts';
import { ask } from './corpus/ask.ts';
import type { Kubectl } from './corpus/kube.ts';

const WITHIN = { pods: 90_000, heard: 30_000 } as const;

export interface PodSeen {
  readonly metadata: { readonly name: string; readonly ownerReferences?: readonly { readonly kind: string }[] };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly state?: { readonly running?: { readonly startedAt: string } };
    }[];
  };
}

/**
 * Names of pods on replaced nodes that do not run again yet. Those of jobs end, and those without a node never ran there.
 * @param since by node, when its replacement began, milliseconds of the epoch.
 */
export function notAgain(pods: readonly PodSeen[], since: ReadonlyMap<string, number>): readonly string[] {
  return pods
    .filter(({ metadata, spec, status }) => {
      const begun = since.get(spec.nodeName ?? '');
      if (begun === undefined || metadata.ownerReferences?.some(({ kind }) => kind === 'Job')) return false;
      const containers = status.containerStatuses ?? [];
      // Kubernetes writes whole seconds.
      const isAgain = (startedAt: string | undefined) => Date.parse(startedAt ?? '') >= begun - 1_000;
      return (
        containers.length === 0 || !containers.every(({ ready, state }) => ready && isAgain(state?.running?.startedAt))
      );
    })
    .map(({ metadata }) => metadata.name);
}

const HOST = 'again.upgrade.faultline.test';

/** Applied when all runs: the Traefik that answers for it has read what was there before. */
const marker = (fault: string): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${fault}-again, namespace: default}
spec:
  ingressClassName: traefik
  rules:
    - host: ${fault}.${HOST}
      http:
        paths: [{path: /, pathType: Prefix, backend: {service: {name: userlist, port: {number: 80}}}}]
`;

interface Asking {
  readonly kubectl: Kubectl;
  readonly client: Commander;
  readonly door: Door;
  readonly history: Pick<History, 'append'>;
  readonly signal: AbortSignal;
}

/** What does not come in time is a note, and asked nevertheless: then that is what came of the upgrade. */
export async function untilAgain(fault: string, since: ReadonlyMap<string, number>, asking: Asking): Promise<void> {
  const { kubectl, client, door, history, signal } = asking;
  const late = (error: unknown): void => {
    signal.throwIfAborted();
    history.append({ type: 'note', level: 'warning', text: error instanceof Error ? error.message : String(error) });
  };
  const pods = async () => {
    const missing = notAgain(await kubectl.items<PodSeen>('pods', '--all-namespaces'), since);
    return missing.length === 0 ? done(undefined) : notYet(missing.join(', '));
  };
  await waitFor('every pod runs again', pods, { signal, withinMs: WITHIN.pods, everyMs: 1_000 }).catch(late);
  const heard = async (until: AbortSignal) => {
    const { status } = await ask(client, door, { host: `${fault}.${HOST}`, path: '/healthz' }, until);
    return status === 200 ? done(undefined) : notYet(String(status));
  };
  const said = await kubectl.apply(marker(fault)).catch(String);
  if (said !== 'applied') return late(said);
  await waitFor('Traefik has heard of it', heard, { signal, withinMs: WITHIN.heard, everyMs: 500 }).catch(late);
}
