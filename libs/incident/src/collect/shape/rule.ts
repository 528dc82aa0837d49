/** A rule of Traefik without what only who is let in knows: values of headers, of queries, of cookies. Pure. */
import { matchesOf, parseRule, type Match } from '@faultline/traefik';
import { secretIn } from '../../secret/pattern.ts';
import { REDACTED, WHY, type Keep } from '../keep.ts';

/** Of these the first word is a name, and the others may open a door. */
const NAMED = ['Header', 'Headers', 'HeaderRegexp', 'HeadersRegexp', 'Query', 'QueryRegexp'];

/** What neither generation reads is kept where nothing in it looks like a secret: that it cannot be read may be the incident. */
export const rule: Keep = (value, at) => {
  if (typeof value !== 'string') return at.omissions.add(at, WHY.unknown);
  const matches = matchesIn(value);
  const unread = matches === undefined && NAMED.some((matcher) => value.includes(matcher));
  if (unread) return at.omissions.add(at, 'a rule that cannot be read, with values of headers or queries');
  const spans = (matches ?? []).flatMap(({ matcher, values }) =>
    NAMED.includes(matcher) ? hidden(matcher, values) : [],
  );
  const kept = spans
    .toSorted((a, b) => b.begin - a.begin)
    .reduce((text, { begin, end, to }) => `${text.slice(0, begin)}\`${to}\`${text.slice(end)}`, value);
  if (kept !== value) at.omissions.add(at, WHY.value);
  return secretIn(kept) === undefined ? kept : at.omissions.add(at, WHY.secret);
};

/** Traefik 2 writes a query as `Query("key=value")`, all else has the name apart. */
function hidden(matcher: string, values: Match['values']): readonly { begin: number; end: number; to: string }[] {
  const [first, ...others] = values;
  const isPair = matcher === 'Query' && first?.text.includes('=');
  if (!isPair)
    return others.filter(({ text }) => text !== REDACTED).map(({ begin, end }) => ({ begin, end, to: REDACTED }));
  return values
    .filter(({ text }) => !text.endsWith(`=${REDACTED}`))
    .map(({ begin, end, text }) => ({ begin, end, to: `${text.split('=', 1)[0]}=${REDACTED}` }));
}

function matchesIn(text: string): readonly Match[] | undefined {
  for (const generation of ['v3', 'v2'] as const) {
    for (const transport of ['http', 'tcp'] as const) {
      try {
        return matchesOf(parseRule(text, generation, transport));
      } catch {
        continue;
      }
    }
  }
  return undefined;
}
