/**
 * Objects are applied by the server (server-side apply), from what their manifests say and nothing else. By hand and not
 * by the Kubernetes client: that writes what its types know, and drops half of a CRD's schema.
 */
import { done, notYet, waitFor } from '@faultline/control';
import type { KubernetesObject } from '../load-balancer/load-balancer.ts';
import { get, patch, type Credentials, type Reply } from './https.ts';

export interface Api {
  /** e.g. `https://127.0.0.1:40123`. */
  readonly url: string;
  readonly credentials: Credentials;
}

interface ApplyOptions extends Api {
  readonly signal: AbortSignal;
  /** For all of them. */
  readonly withinMs: number;
  /** How the API is spoken to; https unless told. */
  readonly wire?: Wire;
}

interface Wire {
  readonly get: typeof get;
  readonly patch: typeof patch;
}

type Asked = Api & Wire & { readonly signal: AbortSignal };

/**
 * Applies these in their order, each again and again until it is taken: an API may not know the kind yet, and a webhook
 * that is to judge it may not run yet.
 * @throws DeadlineError with what was last refused, and why.
 */
export async function applyAll(
  objects: readonly KubernetesObject[],
  { signal, withinMs, wire = { get, patch }, ...api }: ApplyOptions,
): Promise<void> {
  let taken = 0;
  await waitFor(
    `the API takes ${objects.length} objects`,
    async (until) => {
      for (const object of objects.slice(taken)) {
        const refused = await apply(object, { ...api, ...wire, signal: until });
        if (refused) return notYet(`${object.kind} ${object.metadata.name}: ${refused}`);
        taken++;
      }
      return done(undefined);
    },
    { signal, withinMs, everyMs: 250 },
  );
}

/** Undefined when it was taken; else why not. */
async function apply(object: KubernetesObject, api: Asked): Promise<string | undefined> {
  const path = await pathOf(object, api);
  if (path === undefined) return `the API does not know ${object.apiVersion} ${object.kind}`;
  const reply = await api.patch(`${api.url}${path}?fieldManager=faultline&force=true`, {
    signal: api.signal,
    credentials: api.credentials,
    // JSON is YAML.
    type: 'application/apply-patch+yaml',
    body: JSON.stringify(object),
  });
  return reply.status === 200 || reply.status === 201 ? undefined : wordsOf(reply);
}

interface Kinds {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

async function pathOf(object: KubernetesObject, api: Asked): Promise<string | undefined> {
  const group = `/${object.apiVersion.includes('/') ? 'apis' : 'api'}/${object.apiVersion}`;
  const { status, body } = await api.get(`${api.url}${group}`, { signal: api.signal, credentials: api.credentials });
  return status === 200 ? pathAmong(JSON.parse(body) as Kinds, group, object) : undefined;
}

/** Where the object is, by what the API says of its group; undefined: the group has no such kind. */
function pathAmong({ resources }: Kinds, group: string, object: KubernetesObject): string | undefined {
  // A name with a slash is of a part of the object, such as its status.
  const resource = resources.find(({ name, kind }) => kind === object.kind && !name.includes('/'));
  if (!resource) return undefined;
  const { namespace = 'default', name } = object.metadata;
  return [group, ...(resource.namespaced ? ['namespaces', namespace] : []), resource.name, name].join('/');
}

function wordsOf({ status, body }: Reply): string {
  try {
    const { message } = JSON.parse(body) as { message?: string };
    return message ?? `${status}`;
  } catch {
    return `${status} ${body.slice(0, 200)}`;
  }
}
