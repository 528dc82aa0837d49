/** Go's regular expressions: read, refused as Go refuses them, and run. */
export { GoRegexpError, nodesOf, type RegexpNode } from './node.ts';
export { parseGoRegexp } from './parse.ts';
export { quoteMeta } from './quote-meta.ts';
export { toJs } from './to-js.ts';
