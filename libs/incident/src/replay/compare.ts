/** What was captured beside what the replay has: objects, and how they are. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { called, type KubeObject } from '@faultline/traefik';
import type { Bundle, Seen } from '../bundle/bundle.ts';
import { chartValuesIn } from '../bundle/chart-values.ts';
import type { Collected } from '../collect/collect.ts';
import { isTable } from '../collect/keep.ts';

export interface Compared {
  readonly what: string;
  readonly captured: string;
  /** Null: it is not there. */
  readonly now: string | null;
}

export const isSame = ({ captured, now }: Compared): boolean => captured === now;

/** Everything that was captured; what the replay has besides, such as its own witness, is nobody's loss. */
export function compare(
  bundle: Pick<Bundle, 'about' | 'objects'>,
  now: Pick<Collected, 'objects' | 'seen'>,
): readonly Compared[] {
  return [
    ...bundle.about.seen.map((seen) => ({ what: seen.what, captured: seen.saw, now: sawOf(seen, now.seen) })),
    ...bundle.objects.map((object) => compareObject(object, now.objects)),
  ];
}

const sawOf = ({ what }: Seen, all: readonly Seen[]): string | null =>
  all.find((one) => one.what === what)?.saw ?? null;

function compareObject(object: KubeObject, all: readonly KubeObject[]): Compared {
  const what = `object ${called(object)}`;
  const other = all.find((one) => one.apiVersion === object.apiVersion && called(one) === called(object));
  if (!other) return { what, captured: THERE, now: null };
  const differs = difference(comparable(object), comparable(other));
  return { what, captured: THERE, now: differs === undefined ? THERE : `differs at ${differs}` };
}

const THERE = 'there';

/** Without what a replay replaces by design: what runs in the pods. A chart's values are compared as values. */
function comparable(object: KubeObject): unknown {
  const { kind, metadata, spec } = object;
  if (kind === 'HelmChartConfig') return chartValuesIn(object);
  const template = spec?.['template'];
  if (!isTable(template) || !isTable(template['spec'])) return { metadata, spec };
  const { containers: _containers, ...pod } = template['spec'];
  return { metadata, spec: { ...spec, template: { ...template, spec: pod } } };
}

/** The first place where the second lacks what the first has, or has something else; what it has beyond is a default. */
function difference(captured: unknown, now: unknown, path = ''): string | undefined {
  if (captured === undefined) return undefined;
  if (isTable(captured)) {
    if (!isTable(now)) return path;
    for (const [key, inner] of Object.entries(captured)) {
      const found = difference(inner, now[key], path === '' ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Array.isArray(captured)) {
    if (!Array.isArray(now) || now.length !== captured.length) return path;
    for (const [index, inner] of captured.entries()) {
      const found = difference(inner, now[index], `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return isDeepStrictEqual(captured, now) ? undefined : path;
}
