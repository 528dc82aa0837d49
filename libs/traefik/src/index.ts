export * from './finding.ts';
export type { Check } from './check.ts';
export { checks } from './check/index.ts';
export { LARGEST_FILE, type Input, type Unreadable } from './documents.ts';
export { fix } from './fix.ts';
export { kinds, type Kind, type KindName } from './kind.ts';
export { lint, type Linted } from './lint.ts';
