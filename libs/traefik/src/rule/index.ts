export { accepts } from './accept.ts';
export { compileHttp, compileTcp } from './compile.ts';
export { drawRule, type Drawn } from './draw.ts';
export { requestsFor } from './draw-request.ts';
export { judge, type Judgement, type Surprise } from './judge.ts';
export { MATCHERS } from './matcher.ts';
export { NOTES, type Note, type NoteKind } from './note.ts';
export { parseRule } from './parse.ts';
export { UnevaluableError } from './predicate.ts';
export type { Connection, HttpRequest } from './request.ts';
export { rewrite, type Rewrite, type RuleEdit } from './rewrite.ts';
export { RuleError } from './rule-error.ts';
export {
  matchesOf,
  type Both,
  type Generation,
  type Group,
  type Match,
  type Not,
  type Rule,
  type Span,
  type Transport,
  type Value,
} from './tree.ts';
