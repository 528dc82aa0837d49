/** The matchers in an object's rules that Traefik 3 reads otherwise than Traefik 2, each with what is the matter with it. */
import type { Check, Spot, Upgrade } from './check.ts';
import { isRecord, type Manifest } from './documents.ts';
import type { Edit } from './finding.ts';
import { RuleError, matchesOf, parseRule, rewrite, type Match, type Rewrite, type Transport } from './rule/index.ts';
import type { Path, Tree } from './tree.ts';
import { NotJudgedError } from './unreadable.ts';

/** What is the matter: each a rule of lint. */
export type RuleChange = 'unknown-matcher' | 'multiple-values' | 'path-regexp' | 'host-regexp' | 'query' | 'host-sni';

/** @param say of one matcher: what happens, and what to write. */
export function ruleChange(
  change: RuleChange,
  say: (matcher: string) => { message: string; advice: string },
): Check['look'] {
  return (manifest, upgrade) =>
    routesOf(manifest, upgrade).flatMap((route) =>
      changesOf(route)
        .filter((changed) => changeOf(changed.match) === change)
        .map((changed) => spotOf(manifest, route, changed, say(changed.match.matcher))),
    );
}

/** Routes that say `syntax: v2`, and mean something else, or nothing, to Traefik 3 without it. */
export function routesOnlyInV2({
  object,
  tree,
}: Manifest): readonly { readonly index: number; readonly edits: readonly Edit[] }[] {
  const transport = transportOf(object);
  return entriesOf(tree).flatMap(({ index, match, syntax }) => {
    if (syntax !== 'v2') return [];
    const route: Route = { path: ['spec', 'routes', index, 'match'], rule: match, transport };
    const [changed] = changesOf(route);
    return changed ? [{ index, edits: editsOf(tree, route, changed.rewritten) }] : [];
  });
}

interface Route {
  readonly path: Path;
  readonly rule: string;
  readonly transport: Transport;
}

/** Routes whose rules are read as version 2 before the upgrade, and as version 3 after it. */
function routesOf({ object, tree }: Manifest, { defaultSyntax }: Upgrade): readonly Route[] {
  if (defaultSyntax === 'v2') return [];
  const transport = transportOf(object);
  return entriesOf(tree).flatMap(({ index, match, syntax }) =>
    syntax ? [] : [{ path: ['spec', 'routes', index, 'match'], rule: match, transport }],
  );
}

const transportOf = ({ kind }: Manifest['object']): Transport => (kind === 'IngressRouteTCP' ? 'tcp' : 'http');

interface Entry {
  readonly index: number;
  readonly match: string;
  readonly syntax: unknown;
}

function entriesOf(tree: Tree): readonly Entry[] {
  const routes = tree.get(['spec', 'routes']);
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((route: unknown, index) =>
    isRecord(route) && typeof route['match'] === 'string'
      ? [{ index, match: route['match'], syntax: route['syntax'] }]
      : [],
  );
}

interface Changed {
  readonly match: Match;
  readonly rewritten: Rewrite;
}

/** A rule that Traefik 2 refuses is no finding: it was broken before, or is written for Traefik 3 already. */
function changesOf({ rule, transport }: Route): readonly Changed[] {
  try {
    const rewritten = rewrite(rule, transport);
    const matches = matchesOf(parseRule(rule, 'v2', transport));
    return matches.filter((match) => isChanged(match, rewritten)).map((match) => ({ match, rewritten }));
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    // Refused by our reader, and not by Traefik's.
    if (error.reason.includes('Faultline reads')) throw new NotJudgedError(`a rule is ${error.reason}`);
    return [];
  }
}

function isChanged(match: Match, { edits, notes }: Rewrite): boolean {
  if (/^Host(SNI)?Regexp$/.test(match.matcher) && match.values.some(({ text }) => isAnchored(text))) return false;
  const isLost = notes.some((note) => note.kind === 'no-equivalent' && isWithin(note, match));
  return isLost || edits.some((edit) => isWithin(match, edit));
}

/** No host has these letters, and Traefik 2 takes them literally: it was written for Traefik 3. */
const isAnchored = (text: string): boolean => /[\^$]/.test(text.replaceAll(/\{[^}]*\}/g, ''));

interface Span {
  readonly begin: number;
  readonly end: number;
}

const isWithin = (inner: Span, outer: Span): boolean => inner.begin >= outer.begin && inner.end <= outer.end;

function changeOf({ matcher, values }: Match): RuleChange {
  if (matcher === 'Query') return 'query';
  if (['HostHeader', 'Headers', 'HeadersRegexp'].includes(matcher)) return 'unknown-matcher';
  if (values.length > 1) return 'multiple-values';
  if (matcher === 'Path' || matcher === 'PathPrefix') return 'path-regexp';
  return matcher === 'HostSNI' ? 'host-sni' : 'host-regexp';
}

function spotOf({ tree }: Manifest, route: Route, changed: Changed, said: { message: string; advice: string }): Spot {
  const { match, rewritten } = changed;
  const edit = rewritten.edits.find((one) => isWithin(match, one));
  const notes = rewritten.notes.filter((note) => isWithin(note, match)).map(({ text }) => ` Mind: ${text}.`);
  return {
    tree,
    path: route.path,
    at: 'value',
    place: tree.partPlace(route.path, route.rule.slice(match.begin, match.end)),
    message: said.message,
    advice: `${edit ? `Write ${edit.text}.` : said.advice}${notes.join('')}`,
    edits: editsOf(tree, route, rewritten),
  };
}

/** All of the rule or nothing: half of it rewritten is read by neither Traefik. */
function editsOf(tree: Tree, { path, rule }: Route, { edits, notes, text }: Rewrite): readonly Edit[] {
  if (notes.some(({ kind }) => kind === 'no-equivalent')) return [];
  const patches = edits.map((edit) => tree.patch(path, rule.slice(edit.begin, edit.end), edit.text));
  return patches.every((patch) => patch.length > 0) ? patches.flat() : tree.replaceString(path, text);
}
