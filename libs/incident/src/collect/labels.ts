/** Labels are kept where something selects by them; the others are notes, and may say anything. Pure. */
import type { KubeObject } from '@faultline/traefik';
import { isTable } from './keep.ts';

/** Keys by which the specs of these objects select: pods, namespaces, nodes. */
export function selectedKeys(objects: readonly KubeObject[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { kind, spec } of objects) {
    gather(spec, keys);
    if (kind === 'Service')
      for (const key of Object.keys((spec?.['selector'] as object | undefined) ?? {})) keys.add(key);
  }
  return keys;
}

/** Wherever they stand: a selector is a table `matchLabels` or `nodeSelector`, or expressions that have a key. */
function gather(value: unknown, keys: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((one) => gather(one, keys));
  if (!isTable(value)) return;
  for (const name of ['matchLabels', 'nodeSelector']) {
    const labels = value[name];
    if (isTable(labels)) for (const key of Object.keys(labels)) keys.add(key);
  }
  if (typeof value['key'] === 'string' && typeof value['operator'] === 'string') keys.add(value['key']);
  for (const inner of Object.values(value)) gather(inner, keys);
}

/** The object with the labels that are selected by, its own and its pods'. */
export function withSelected(object: KubeObject, keys: ReadonlySet<string>): KubeObject {
  const { metadata, spec } = object;
  const { labels, ...rest } = metadata;
  const kept = selected(labels, keys);
  const template = spec?.['template'] as Template | undefined;
  return {
    ...object,
    metadata: { ...rest, ...(kept && { labels: kept }) },
    ...(template && {
      spec: {
        ...spec,
        template: { ...template, metadata: { labels: selected(template.metadata?.labels, keys) ?? {} } },
      },
    }),
  };
}

interface Template {
  readonly metadata?: { readonly labels?: Labels };
}
type Labels = Readonly<Record<string, string>>;

export function selected(labels: Labels | undefined, keys: ReadonlySet<string>): Labels | undefined {
  const kept = Object.entries(labels ?? {}).filter(([key]) => keys.has(key));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
