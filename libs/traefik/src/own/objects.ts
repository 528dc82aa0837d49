/** Manifests of one's own as objects, in the form in which a copy of the cluster can take them. Pure. */
import { parseAllDocuments } from 'yaml';
import type { Input } from '../documents.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly items?: readonly unknown[];
}

export const namespaceOf = ({ metadata }: KubeObject): string => metadata.namespace ?? 'default';
export const called = (object: KubeObject): string => `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`;

/** What k3s has and keeps itself, and what belongs to one cluster alone. */
const NOT_OURS = [
  'Node',
  'Namespace',
  'Event',
  'Pod',
  'Endpoints',
  'EndpointSlice',
  'HelmChart',
  'CustomResourceDefinition',
];

/** Every object that is to be tried, and a sentence for each that is not. */
export function readOwn(inputs: readonly Input[]): { objects: readonly KubeObject[]; notes: readonly string[] } {
  const objects: KubeObject[] = [];
  const notes: string[] = [];
  for (const { file, text } of inputs) {
    for (const document of parseAllDocuments(text)) {
      const [error] = document.errors;
      if (error) notes.push(`${file}: left out, it cannot be read: ${error.message.split('\n')[0]}`);
      else for (const one of flat(document.toJS())) objects.push(one);
    }
  }
  const [kept, left] = [objects.filter(isTried), objects.filter((one) => !isTried(one))];
  if (left.length > 0) notes.push(`left out, because each cluster has its own: ${left.map(called).join(', ')}`);
  return { objects: kept.map(bare), notes };
}

function flat(value: unknown): readonly KubeObject[] {
  const object = value as KubeObject | null;
  if (typeof object !== 'object' || object === null) return [];
  if (Array.isArray(object.items)) return object.items.flatMap(flat);
  return typeof object.kind === 'string' && typeof object.metadata?.name === 'string' ? [object] : [];
}

/** Of kube-system only the values of Traefik's chart are the user's. */
function isTried(object: KubeObject): boolean {
  if (object.kind === 'HelmChartConfig') return true;
  const isSystem = namespaceOf(object).startsWith('kube-') || object.metadata.name === 'kubernetes';
  return !isSystem && !NOT_OURS.includes(object.kind);
}

/** Without what a cluster wrote in: it would be refused, or mean another cluster. */
function bare({ apiVersion, kind, metadata, ...rest }: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = metadata;
  const { status: _status, ...body } = rest as typeof rest & { status?: unknown };
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) },
    ...body,
  };
}

/** The namespaces that have to be there first. */
export function namespacesOf(objects: readonly KubeObject[]): readonly KubeObject[] {
  const names = new Set(objects.map(namespaceOf).filter((name) => name !== 'default' && !name.startsWith('kube-')));
  return [...names].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

/** JSON is YAML; a text that begins with a brace is read by kubectl as JSON and nothing else. */
export const yamlOf = (objects: readonly KubeObject[]): string =>
  objects.map((object) => `---\n${JSON.stringify(object, null, 2)}\n`).join('');
