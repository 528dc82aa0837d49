/**
 * What is kept of an object, as a list of what is known: a field that is not named is dropped, whatever it holds. Even of
 * what is kept no text is that looks like a secret. Pure.
 */
import { isSecretName, secretIn } from '../secret/pattern.ts';
import type { Omissions } from './omissions.ts';

export interface At {
  /** `Deployment shop/web`. */
  readonly object: string;
  /** `spec.template.spec.containers[]`. */
  readonly path: string;
  readonly omissions: Omissions;
}

/** What is kept of a value; undefined: nothing. */
export type Keep = (value: unknown, at: At) => unknown;

export const WHY = {
  unknown: 'not on the list of what is kept',
  secret: 'it looks like a secret',
  name: 'its name says that it is a secret',
  value: 'what stands there may be a secret',
} as const;

export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const LONGEST = 2_000;
export const REDACTED = 'redacted';

const inside = (at: At, part: string): At => ({ ...at, path: at.path === '' ? part : `${at.path}.${part}` });

/** A number, a boolean, or a text in which nothing looks like a secret. */
export const plain: Keep = (value, at) => {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return at.omissions.add(at, WHY.unknown);
  if (value.length > LONGEST) return at.omissions.add(at, 'longer than any name');
  return secretIn(value) === undefined ? value : at.omissions.add(at, WHY.secret);
};

/** These fields, and no other. */
export const fields =
  (known: Readonly<Record<string, Keep>>): Keep =>
  (value, at) => {
    if (!isTable(value)) return value === null ? undefined : at.omissions.add(at, WHY.unknown);
    const kept = Object.entries(value).flatMap(([key, inner]) => {
      const keep = Object.hasOwn(known, key) ? known[key] : undefined;
      if (!keep) {
        at.omissions.add(inside(at, secretIn(key) === undefined ? key : REDACTED), WHY.unknown);
        return [];
      }
      const of = keep(inner, inside(at, key));
      return of === undefined ? [] : [[key, of] as const];
    });
    return Object.fromEntries(kept);
  };

export const list =
  (of: Keep): Keep =>
  (value, at) => {
    if (!Array.isArray(value)) return at.omissions.add(at, WHY.unknown);
    const within = { ...at, path: `${at.path}[]` };
    return value.flatMap((one) => {
      const kept = of(one, within);
      return kept === undefined ? [] : [kept];
    });
  };

/** Keys are the user's: one that says that it is a secret, or looks like one, goes with its value. */
export const table =
  (of: Keep): Keep =>
  (value, at) => {
    if (!isTable(value)) return value === null ? undefined : at.omissions.add(at, WHY.unknown);
    const kept = Object.entries(value).flatMap(([key, inner]) => {
      const why = isSecretName(key) ? WHY.name : secretIn(key) === undefined ? undefined : WHY.secret;
      if (why !== undefined) {
        at.omissions.add(inside(at, why === WHY.secret ? REDACTED : key), why);
        return [];
      }
      const entry = of(inner, inside(at, key));
      return entry === undefined ? [] : [[key, entry] as const];
    });
    return Object.fromEntries(kept);
  };

/** Whatever stands there, as long as each part is plain. For parts of charts whose shape changes with every release. */
export const tree: Keep = (value, at) => {
  if (Array.isArray(value)) return list(tree)(value, at);
  return isTable(value) ? table(tree)(value, at) : value === null ? null : plain(value, at);
};

/** The same without a word of it: that something is set may be the incident, what it is set to is nobody's business. */
export const outline: Keep = (value, at) => {
  if (Array.isArray(value)) return list(outline)(value, at);
  if (isTable(value)) return table(outline)(value, at);
  return typeof value === 'boolean' || value === null ? value : redacted(value, at);
};

/** That it is there, and not what it says. Empty it says something: that a header is removed. */
export const redacted: Keep = (value, at) => {
  if (value === '' || value === REDACTED) return value;
  at.omissions.add(at, WHY.value);
  return typeof value === 'number' ? 0 : REDACTED;
};

/** A path or URL without its query, which is where tokens are. */
export const location: Keep = (value, at) => {
  if (typeof value !== 'string') return at.omissions.add(at, WHY.unknown);
  const [path = '', query] = value.split('?', 2);
  if (query !== undefined) at.omissions.add(inside(at, 'query'), WHY.value);
  return plain(path, at);
};

export const dropped =
  (why: string): Keep =>
  (_, at) =>
    at.omissions.add(at, why);
