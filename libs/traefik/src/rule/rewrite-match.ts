/** One matcher of v2 as one or more of v3. */
import { goRegexp, UnevaluableError } from './predicate.ts';
import { queryTemplates } from './http-v2.ts';
import { quoted } from './literal.ts';
import { note, type Note, type NoteKind } from './note.ts';
import { hostPattern, looksAround, pathPattern, queryPattern } from './pattern.ts';
import { templateOf } from './template.ts';
import type { Match, Value } from './tree.ts';

export interface Rewritten {
  /** Calls of v3's matchers. */
  readonly calls: readonly string[];
  readonly joinedBy: '||' | '&&';
  readonly notes: readonly Note[];
}

/** What the rule says at a place. */
type Source = (span: { readonly begin: number; readonly end: number }) => string;

/** The rule must be one that v2 takes. */
export function rewriteMatch(match: Match, source: Source): Rewritten {
  const rewrite = REWRITES[match.matcher];
  return rewrite ? rewrite(match, source) : { calls: [source(match)], joinedBy: '&&', notes: [] };
}

const REWRITES: Readonly<Record<string, (match: Match, source: Source) => Rewritten>> = {
  Host: (match, source) => onePerValue(match, hostNotes(match), (value) => `${source(match.name)}(${source(value)})`),
  HostHeader: (match, source) => onePerValue(match, hostNotes(match), (value) => `Host(${source(value)})`),
  ClientIP: split,
  ALPN: split,
  Method: (match, source) =>
    onePerValue(match, [note('no-405', match)], (value) => `${source(match.name)}(${source(value)})`),
  Path: (match, source) => paths(match, source, false),
  PathPrefix: (match, source) => paths(match, source, true),
  HostRegexp: hostRegexps,
  HostSNIRegexp: (match) =>
    onePerValue(match, [], ({ text }) => `HostSNIRegexp(${quoted(hostPattern(templateOf(text, 'sni')))})`),
  HostSNI: hostSnis,
  Headers: (match, source) => headers(match, source, 'Header'),
  HeadersRegexp: (match, source) => headers(match, source, 'HeaderRegexp'),
  Query: queries,
};

/** A matcher with one value stays byte by byte, where its call says the same. */
function onePerValue(match: Match, notes: readonly Note[], call: (value: Value) => string): Rewritten {
  return { calls: match.values.map(call), joinedBy: '||', notes };
}

function split(match: Match, source: Source): Rewritten {
  return onePerValue(match, [], (value) => `${source(match.name)}(${source(value)})`);
}

function hostNotes(match: Match): readonly Note[] {
  return match.values.filter(({ text }) => text.startsWith('*')).map((value) => note('wildcard', value));
}

function paths(match: Match, source: Source, isPrefix: boolean): Rewritten {
  return onePerValue(match, [], (value) => {
    const template = templateOf(value.text, isPrefix ? 'prefix' : 'path');
    if (template.names.length === 0) return `${source(match.name)}(${source(value)})`;
    return `PathRegexp(${quoted(pathPattern(template, isPrefix))})`;
  });
}

function hostRegexps(match: Match): Rewritten {
  const found = match.values.map((value) => hostRegexp(value));
  const calls = found.map(({ pattern }) => `HostRegexp(${quoted(pattern)})`);
  return { calls, joinedBy: '||', notes: found.flatMap(({ notes }) => notes) };
}

function hostRegexp(value: Value): { readonly pattern: string; readonly notes: readonly Note[] } {
  const template = templateOf(value.text, 'host');
  const kinds: NoteKind[] = [];
  if (template.names.length === 0 && /[\^$[\]()+*\\|]/.test(value.text)) kinds.push('was-literal');
  if (/\(\?[imsU]*-[msU]*i/.test(value.text)) kinds.push('capital-letters');
  const takesAll = template.source === '(?i)^(?P<v0>.*)$';
  const takesNothing = !takesAll && takesEmpty(template.source);
  if (takesNothing) kinds.push('empty-host');
  const pattern = hostPattern(template);
  return {
    pattern: takesNothing ? pattern.replace('^', String.raw`^\b`) : pattern,
    notes: kinds.map((kind) => note(kind, value)),
  };
}

/** Where that cannot be told, it is safer not to be asked. */
function takesEmpty(source: string): boolean {
  try {
    return goRegexp(source)('');
  } catch (error) {
    if (error instanceof UnevaluableError) return true;
    throw error;
  }
}

/** v3.3.6 pkg/muxer/tcp/matcher.go compares the name as it is written; a star behind the first place takes any name. */
function hostSnis(match: Match, source: Source): Rewritten {
  const stars = match.values.filter(({ text }) => text === '*');
  if (match.values.length > 1 && stars.length > 0) {
    const any = match.values[0]?.text === '*' ? 'HostSNI(`*`)' : 'HostSNIRegexp(`.+`)';
    return { calls: [any], joinedBy: '||', notes: [] };
  }
  return onePerValue(match, [], (value) => {
    const lower = value.text.toLowerCase();
    return `${source(match.name)}(${lower === value.text ? source(value) : quoted(lower)})`;
  });
}

/** Pairs are all asked for; of the same name twice the last counts (containous/mux b2dd784 mux.go mapFromPairsToString). */
function headers(match: Match, source: Source, matcher: string): Rewritten {
  const pairs = new Map<string, string>();
  for (const [index, value] of match.values.entries()) {
    const after = match.values[index + 1];
    if (index % 2 === 0 && after) pairs.set(value.text, `${matcher}(${source(value)}, ${source(after)})`);
  }
  return { calls: [...pairs.values()], joinedBy: '&&', notes: [] };
}

function queries(match: Match, source: Source): Rewritten {
  const values = match.values.map(({ text }) => text);
  const found = queryTemplates(values).map(query);
  if (found.some(({ call }) => call === undefined)) {
    return { calls: [source(match)], joinedBy: '&&', notes: [note('no-equivalent', match)] };
  }
  const calls = found.map(({ call }) => call ?? '');
  const isSame = values.length === 2 && calls.length === 1 && calls[0] === `Query(${values.map(quoted).join(', ')})`;
  const notes = found.flatMap(({ kinds }) => kinds).map((kind) => note(kind, match));
  return { calls: isSame ? [source(match)] : calls, joinedBy: '&&', notes };
}

interface QueryCall {
  readonly call: string | undefined;
  readonly kinds: readonly NoteKind[];
}

/** No call: the key is empty, which v3 refuses, or a template, which v2 compares in a way of its own. */
function query(text: string): QueryCall {
  const key = text.slice(0, text.indexOf('='));
  const value = text.slice(key.length + 1);
  if (key === '' || key.includes('{')) return { call: undefined, kinds: [] };
  if (value === '') return { call: `QueryRegexp(${quoted(key)}, \`^.*$\`)`, kinds: [] };
  const template = templateOf(text, 'query');
  if (template.names.length === 0)
    return { call: `Query(${quoted(key)}, ${quoted(value)})`, kinds: ['repeated-parameter'] };
  const pattern = queryPattern(template, key);
  const kinds: NoteKind[] = pattern === '^.*$' ? [] : ['repeated-parameter'];
  const patterns = template.pieces.flatMap((piece) => ('name' in piece ? [piece.pattern] : []));
  if (patterns.some(looksAround)) kinds.push('looks-around');
  return { call: `QueryRegexp(${quoted(key)}, ${quoted(pattern)})`, kinds };
}
