/** All strings below a value, with their paths. */
import { isRecord } from './documents.ts';
import type { Path } from './tree.ts';

interface Found {
  readonly path: Path;
  readonly text: string;
}

export function stringsIn(value: unknown, path: Path): readonly Found[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => stringsIn(item, [...path, index]));
  return isRecord(value) ? Object.entries(value).flatMap(([key, item]) => stringsIn(item, [...path, key])) : [];
}
