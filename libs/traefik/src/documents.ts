/**
 * From the text of a file to the objects in it, each knowing where every one of its paths stands.
 *
 * What cannot be read is said with its place, and what can be read beside it is judged all the same.
 */
import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import type { ObjectName, Place } from './finding.ts';
import { innerTree } from './inner.ts';
import { Tree, type Path } from './tree.ts';
import { causeOf, firstLine, MOST_ALIASES, type Unreadable } from './unreadable.ts';

/** A text, and the name that places in it are given under. */
export interface Input {
  readonly file: string;
  readonly text: string;
}

/** One object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly object: ObjectName;
  /** Plain data: what stands there, aliases followed. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly tree: Tree;
  /** Of the HelmChartConfig of Traefik: the YAML in its `spec.valuesContent`. */
  readonly values: Tree | undefined;
}

export interface Documents {
  readonly manifests: readonly Manifest[];
  readonly unreadable: readonly Unreadable[];
}

/** Larger files are refused: they are dumps, and parsing with positions takes some thirty times their size. */
export const LARGEST_FILE = 4_000_000;

export function readDocuments({ file, text }: Input): Documents {
  if (text.length > LARGEST_FILE) {
    const message = `larger than ${LARGEST_FILE / 1e6} MB, and not read. Split it, or give the files that it was made of`;
    return { manifests: [], unreadable: [{ place: startOf(file), message }] };
  }
  if (isBottomless(text)) {
    return { manifests: [], unreadable: [{ place: startOf(file), message: 'nested too deeply to be read' }] };
  }
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      logLevel: 'silent',
      merge: true,
      strict: false,
      uniqueKeys: false,
    });
    return gather([...parsed].map((document) => readOne(document as Document, { file, text, lines })));
  } catch (cause) {
    return { manifests: [], unreadable: [{ place: startOf(file), message: causeOf(cause) }] };
  }
}

/** No manifest opens so many brackets without closing them; a parser that counts them takes half a minute and gigabytes. */
const DEEPEST = 5000;

function isBottomless(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && depth > 0) depth--;
    if (depth > DEEPEST) return true;
  }
  return false;
}

interface Source extends Input {
  readonly lines: LineCounter;
}

function readOne(document: Document, source: Source): Documents {
  const [begin, , end] = document.range ?? [0, 0, source.text.length];
  const text = source.text.slice(begin, end);
  const bare = new Tree({ ...source, document, value: undefined });
  const refuse = (offset: number, message: string): Documents => ({
    manifests: [],
    unreadable: [{ place: bare.at(offset, offset + 1), message }],
  });
  const [error] = document.errors;
  const template = templateIn(text, error !== undefined);
  if (template !== undefined) return refuse(begin + template, HELM_TEMPLATE);
  if (error) return refuse(error.pos[0], `no YAML: ${firstLine(error.message)}`);
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return objectsOf(new Tree({ ...source, document, value }));
  } catch (cause) {
    return refuse(begin, causeOf(cause));
  }
}

const HELM_TEMPLATE = 'a Helm template, not a manifest. Render it first: helm template <chart> | faultline lint -';

/** Where in the text a template begins; a `{{` in a string alone is no template: alerts and dashboards have them. */
function templateIn(text: string, isBroken: boolean): number | undefined {
  if (!text.includes('{{')) return undefined;
  const found = text.search(/^[^#\n]*\{\{[^}\n]{0,100}[\s(]\.(Values|Release|Chart|Capabilities|Template|Files)\b/m);
  if (found >= 0) return text.indexOf('{{', found);
  return isBroken ? text.indexOf('{{') : undefined;
}

/** The objects of a document: one, or the items of a List. */
function objectsOf(tree: Tree): Documents {
  if (!isRecord(tree.value)) return { manifests: [], unreadable: [] };
  const { items, kind } = tree.value;
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    return gather(items.map((_, index) => objectsOf(tree.under(['items', index]))));
  }
  const manifest = manifestOf(tree, tree.value);
  return manifest ? withValues(manifest) : { manifests: [], unreadable: [] };
}

function manifestOf(tree: Tree, value: Readonly<Record<string, unknown>>): Manifest | undefined {
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const { name, namespace } = isRecord(metadata) ? metadata : {};
  const object = { kind, namespace: text(namespace), name: text(name) };
  return { apiVersion, object, value, tree, values: undefined };
}

const VALUES: Path = ['spec', 'valuesContent'];

/** k3s' Traefik takes its values from an object of this name. The HelmChart of that name is k3s' own: it is rewritten. */
function withValues(manifest: Manifest): Documents {
  const { apiVersion, object, tree } = manifest;
  const isChart = apiVersion.startsWith('helm.cattle.io/') && object.kind === 'HelmChartConfig';
  const isTraefik = object.name === 'traefik' && ['', 'kube-system'].includes(object.namespace);
  if (!isChart || !isTraefik) return { manifests: [manifest], unreadable: [] };
  const inner = innerTree(tree, VALUES);
  if (inner === undefined) return { manifests: [manifest], unreadable: [] };
  if (inner instanceof Tree) return { manifests: [{ ...manifest, values: inner }], unreadable: [] };
  return { manifests: [manifest], unreadable: [inner] };
}

function gather(parts: readonly Documents[]): Documents {
  return {
    manifests: parts.flatMap(({ manifests }) => manifests),
    unreadable: parts.flatMap(({ unreadable }) => unreadable),
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const startOf = (file: string): Place => ({ file, line: 1, column: 1, endLine: 1, endColumn: 2 });
