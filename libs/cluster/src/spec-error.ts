/** What was wished for cannot be, in words that say what can. */
import { nearest } from '@faultline/control/plan';
import type { ClusterSpec } from './spec.ts';

/** The message says what is allowed. */
export class ClusterSpecError extends Error {
  override readonly name = 'ClusterSpecError';
  readonly field: keyof ClusterSpec | 'subnet';
  constructor(field: ClusterSpecError['field'], message: string) {
    super(message);
    this.field = field;
  }
}

/** @param what as it is typed: the field, or `settings.timing`. */
export function unknownValue(
  field: ClusterSpecError['field'],
  value: string,
  allowed: readonly string[],
  what: string = field,
): ClusterSpecError {
  const near = nearest(value, allowed);
  return new ClusterSpecError(
    field,
    `${what}: unknown value "${value}".${near ? ` Did you mean ${near}?` : ''} Allowed: ${allowed.join(', ')}`,
  );
}

/** The value, where it is the name of one of these records. @throws ClusterSpecError */
export function named<T extends object>(
  field: ClusterSpecError['field'],
  value: string,
  records: T,
): Extract<keyof T, string> {
  if (!has(records, value)) throw unknownValue(field, value, Object.keys(records));
  return value;
}

function has<T extends object>(records: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(records, key);
}
