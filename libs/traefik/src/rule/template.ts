/**
 * The templates of v2 rules, `/users/{id:[0-9]+}`, and the regular expression that v2 compiles each to.
 *
 * containous/mux v0.0.0-20220627093034-b2dd784e613f (what go.mod of Traefik v2.11.18 puts in gorilla/mux' place):
 * regexp.go newRouteRegexp and braceIndices; for HostSNIRegexp v2.11.18 pkg/muxer/tcp/mux.go preparePattern, its copy.
 */
import { parseGoRegexp, quoteMeta } from './go-regexp/index.ts';

/** `sni`: as `host`, for HostSNIRegexp, which does not try each pattern by itself before the whole. */
export type TemplateKind = 'host' | 'sni' | 'path' | 'prefix' | 'query';

/** What stands between the braces is a pattern, the rest is literal. */
export type Piece = { readonly literal: string } | { readonly name: string; readonly pattern: string };

export interface Template {
  readonly pieces: readonly Piece[];
  readonly names: readonly string[];
  /** The regular expression. */
  readonly source: string;
}

/** What a `{name}` without a pattern stands for. */
const DEFAULT_PATTERN: Readonly<Record<TemplateKind, string>> = {
  host: '[^.]+',
  sni: '[^.]+',
  path: '[^/]+',
  prefix: '[^/]+',
  query: '.*',
};

/** @throws GoRegexpError, and Error with the words of mux */
export function templateOf(text: string, kind: TemplateKind): Template {
  const pieces = piecesOf(text, DEFAULT_PATTERN[kind]);
  const variables = pieces.filter((piece) => 'name' in piece);
  if (kind !== 'sni') for (const { pattern } of variables) parseGoRegexp(`^${pattern}$`);
  let index = 0;
  const parts = pieces.map((piece) =>
    'name' in piece ? `(?P<v${index++}>${piece.pattern})` : quoteMeta(piece.literal),
  );
  // A query without a value takes any: "Add the default pattern if the query value is empty".
  const rest = kind === 'query' && text.indexOf('=') === text.length - 1 ? DEFAULT_PATTERN.query : '';
  const source = `${kind === 'host' || kind === 'sni' ? '(?i)' : ''}^${parts.join('')}${rest}${kind === 'prefix' ? '' : '$'}`;
  parseGoRegexp(source);
  return { pieces, names: variables.map(({ name }) => name), source };
}

function piecesOf(text: string, defaultPattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { begin, end: close } of bracesIn(text)) {
    pieces.push({ literal: text.slice(end, begin) });
    const inner = text.slice(begin + 1, close - 1);
    const colon = inner.indexOf(':');
    const name = colon < 0 ? inner : inner.slice(0, colon);
    const pattern = colon < 0 ? defaultPattern : inner.slice(colon + 1);
    if (name === '' || pattern === '') {
      throw new Error(`mux: missing name or pattern in ${JSON.stringify(text.slice(begin, close))}`);
    }
    pieces.push({ name, pattern });
    end = close;
  }
  return [...pieces, { literal: text.slice(end) }];
}

/** The outermost braces; in a pattern there may be more. */
function bracesIn(text: string): readonly { readonly begin: number; readonly end: number }[] {
  const found: { begin: number; end: number }[] = [];
  let level = 0;
  let begin = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') {
      level += 1;
      if (level === 1) begin = at;
    }
    if (text[at] === '}') {
      level -= 1;
      if (level === 0) found.push({ begin, end: at + 1 });
      if (level < 0) break;
    }
  }
  if (level !== 0) throw new Error(`mux: unbalanced braces in ${JSON.stringify(text)}`);
  return found;
}
