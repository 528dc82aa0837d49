/** Takes something valid and makes it wrong in a few places: far closer to what people type than noise is. Pure. */
import { below } from '@faultline/scenario/plan';
import { chance, nasty, NASTY_TEXT, oneOf, type Random } from './nasty.ts';

const TYPED = ['a', 'b', 'z', '0', '1', '9', '-', '_', '.', ' '];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy with one to four changes in it. */
export function mutated(value: unknown, random: Random): unknown {
  let result = structuredClone(value);
  for (let changes = 1 + below(random, 4); changes > 0; changes--) result = changed(result, random);
  return result;
}

/** One change, here or further down. */
function changed(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && chance(random, 0.85)) return changedList(value, random);
  if (isObject(value) && Object.keys(value).length > 0 && chance(random, 0.9)) return changedObject(value, random);
  if (typeof value === 'string' && chance(random, 0.5)) return changedText(value, random);
  return nasty(random);
}

function changedList(list: readonly unknown[], random: Random): unknown[] {
  const at = below(random, list.length);
  const act = below(random, 5);
  if (act === 0) return list.toSpliced(at, 1);
  if (act === 1) return [...list, list[at]];
  if (act === 2) return [...list, nasty(random)];
  return list.with(at, changed(list[at], random));
}

function changedObject(value: Record<string, unknown>, random: Random): Record<string, unknown> {
  const keys = Object.keys(value);
  const key = oneOf(random, keys);
  const { [key]: old, ...rest } = value;
  const act = below(random, 6);
  if (act === 0) return rest;
  if (act === 1) return { ...rest, [changedText(key, random)]: old };
  if (act === 2) return withOwn(value, oneOf(random, NASTY_TEXT), nasty(random));
  return { ...value, [key]: changed(old, random) };
}

/** `__proto__` as a key of its own, as JSON.parse makes it. */
function withOwn(value: Record<string, unknown>, key: string, added: unknown): Record<string, unknown> {
  return Object.defineProperty({ ...value }, key, {
    value: added,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/** A typing error, mostly; sometimes worse. */
export function changedText(text: string, random: Random): string {
  const at = below(random, text.length + 1);
  const act = below(random, 6);
  if (act === 0) return text.slice(0, at) + text.slice(at + 1);
  if (act === 1) return text.slice(0, at) + oneOf(random, NASTY_TEXT) + text.slice(at);
  if (act === 2) return text.toUpperCase();
  if (act === 3) return text + text.slice(at);
  if (act === 4) return oneOf(random, NASTY_TEXT);
  return text.slice(0, at) + oneOf(random, TYPED) + text.slice(at + 1);
}
