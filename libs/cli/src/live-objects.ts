/** What lint looks at in a live cluster, read and nothing else; Secrets are not among it. */
import { Reader } from '@faultline/incident';
import { kinds, objectInput, type Input, type Kind } from '@faultline/traefik';

interface Live {
  /** The release that runs there, `v1.32.1+k3s1`. */
  readonly version: string;
  readonly inputs: readonly Input[];
}

/**
 * @param kubeconfig undefined: where kubectl would look.
 * @throws KubeconfigError where there is none; ClusterUnreadableError
 */
export async function readCluster(kubeconfig: string | undefined, signal: AbortSignal): Promise<Live> {
  const reader = new Reader({ kubeconfig });
  const version = await reader.version(signal);
  const lists = await Promise.all(Object.entries(kinds).map(([kind, of]) => inputsOf(reader, kind, of, signal)));
  return { version, inputs: lists.flat() };
}

async function inputsOf(
  reader: Reader,
  kind: string,
  { groups, version, plural }: Kind,
  signal: AbortSignal,
): Promise<readonly Input[]> {
  const lists = groups.map(async (group) => {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const items = await reader.list({ apiVersion, plural }, signal);
    return items.map((item) => objectInput(apiVersion, kind, item));
  });
  return (await Promise.all(lists)).flat();
}
