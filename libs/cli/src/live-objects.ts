/** What lint looks at in a live cluster, read and nothing else; Secrets are not among it. */
import {
  CoreV1Api,
  createConfiguration,
  CustomObjectsApi,
  KubeConfig,
  ServerConfiguration,
  VersionApi,
} from '@kubernetes/client-node';
import { kinds, objectInput, type Input, type Kind } from '@faultline/traefik';
import { UsageError } from './exit.ts';

/** A cluster that does not answer within this will not. */
const WITHIN_MS = 30_000;

interface Live {
  /** The release that runs there, `v1.32.1+k3s1`. */
  readonly version: string;
  readonly inputs: readonly Input[];
}

/** The cluster does not answer, or does not let itself be read. */
export class ClusterUnreadableError extends Error {
  override readonly name = 'ClusterUnreadableError';
}

/**
 * @param kubeconfig undefined: where kubectl would look.
 * @throws UsageError where there is none; ClusterUnreadableError
 */
export async function readCluster(kubeconfig: string | undefined, signal: AbortSignal): Promise<Live> {
  const config = load(kubeconfig);
  try {
    const configuration = configurationOf(config, AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]));
    const { gitVersion } = await new VersionApi(configuration).getCode();
    const lists = await Promise.all(Object.entries(kinds).map(([kind, of]) => inputsOf(configuration, kind, of)));
    return { version: gitVersion, inputs: lists.flat() };
  } catch (cause) {
    signal.throwIfAborted();
    throw new ClusterUnreadableError(`${config.getCurrentCluster()?.server} could not be read: ${reasonOf(cause)}`);
  }
}

/** What a client says of a connection stands in the cause of what it says of the request. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}

type Configuration = ReturnType<typeof createConfiguration>;

function load(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--kubeconfig ${kubeconfig ?? '(default)'}: ${reason}. Allowed: a file as kubectl takes it`);
  }
  if (config.getCurrentCluster()) return config;
  throw new UsageError(`${kubeconfig ?? 'the kubeconfig'} names no cluster. Next: --kubeconfig <file>`);
}

const configurationOf = (config: KubeConfig, signal: AbortSignal): Configuration =>
  createConfiguration({
    baseServer: new ServerConfiguration(config.getCurrentCluster()?.server ?? '', {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        pre: async (request) => {
          request.setSignal(signal);
          return request;
        },
        post: async (response) => response,
      },
    ],
  });

async function inputsOf(
  configuration: Configuration,
  kind: string,
  { groups, version, plural }: Kind,
): Promise<readonly Input[]> {
  const lists = groups.map(async (group) => {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const items = await listed(configuration, { group, version, plural });
    return items.map((item) => objectInput(apiVersion, kind, item));
  });
  return (await Promise.all(lists)).flat();
}

/** A cluster that does not know a group has no objects of it. */
async function listed(
  configuration: Configuration,
  of: { readonly group: string; readonly version: string; readonly plural: string },
): Promise<readonly object[]> {
  if (of.group === '') return (await new CoreV1Api(configuration).listServiceForAllNamespaces()).items;
  try {
    const list: unknown = await new CustomObjectsApi(configuration).listCustomObjectForAllNamespaces({
      ...of,
      resourcePlural: of.plural,
    });
    return (list as { items?: readonly object[] }).items ?? [];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 404) return [];
    throw error;
  }
}
