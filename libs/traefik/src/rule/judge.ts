/** Whether a rule is taken, and whether it means what it seems to. */
import { compileHttp, compileTcp } from './compile.ts';
import { parseRule } from './parse.ts';
import { RuleError } from './rule-error.ts';
import { matchesOf, type Generation, type Match, type Span, type Transport } from './tree.ts';

/** A part that is taken, and means another thing than its writing suggests. */
export interface Surprise extends Span {
  readonly text: string;
}

export type Judgement =
  | { readonly verdict: 'valid' }
  /** Traefik logs `error.log`, disables the router, and answers 404. */
  | { readonly verdict: 'invalid'; readonly error: RuleError }
  | { readonly verdict: 'other'; readonly surprises: readonly [Surprise, ...Surprise[]] };

export function judge(text: string, generation: Generation, transport: Transport = 'http'): Judgement {
  try {
    if (transport === 'http') compileHttp(text, generation);
    else compileTcp(text, generation);
  } catch (error) {
    if (error instanceof RuleError) return { verdict: 'invalid', error };
    throw error;
  }
  const [first, ...others] = matchesOf(parseRule(text, generation, transport)).flatMap((match) =>
    SURPRISES[generation](match),
  );
  return first ? { verdict: 'other', surprises: [first, ...others] } : { verdict: 'valid' };
}

const SURPRISES: Readonly<Record<Generation, (match: Match) => readonly Surprise[]>> = {
  v2: surprisesInV2,
  v3: surprisesInV3,
};

const REGEXPS = new Set(['HostRegexp', 'HostSNIRegexp', 'PathRegexp']);

/** v2.11.18 pkg/muxer/http/mux.go: host compares; containous/mux quotes what stands outside of braces. */
function surprisesInV2(match: Match): readonly Surprise[] {
  return match.values.flatMap(({ text, begin, end }) => {
    if (match.matcher === 'Host' && hasTemplate(text)) return [{ begin, end, text: 'Host takes braces literally' }];
    if (!REGEXPS.has(match.matcher) || text.includes('{') || !/[\^$[\]()+*\\|]/.test(text)) return [];
    return [
      {
        begin,
        end,
        text: `v2's ${match.matcher} takes what stands outside of braces literally: it matches no such host`,
      },
    ];
  });
}

/** v3.3.6 pkg/muxer/http/matcher.go, pkg/muxer/tcp/matcher.go. */
function surprisesInV3(match: Match): readonly Surprise[] {
  return match.values.flatMap(({ text, begin, end }, index) => {
    const said = surpriseInV3(match, text, index);
    return said === undefined ? [] : [{ begin, end, text: said }];
  });
}

function surpriseInV3({ matcher, values }: Match, text: string, index: number): string | undefined {
  const isLiteral = matcher === 'Path' || matcher === 'PathPrefix' || matcher === 'Host';
  if (isLiteral && hasTemplate(text))
    return `v3's ${matcher} takes braces literally: only a request with them in it matches`;
  if (REGEXPS.has(matcher) && hasTemplate(text))
    return `v3's ${matcher} is a regular expression, where {name} are letters like others`;
  if (matcher === 'HostRegexp' && /^[\w.-]+$/.test(text))
    return "v3's HostRegexp is found anywhere in the host, and `.` is any letter";
  if (matcher === 'HostSNI' && text !== text.toLowerCase())
    return 'HostSNI compares with the name in small letters: before Traefik 3.7 a capital never matches';
  if (matcher !== 'Query' || index > 0 || !text.includes('=')) return undefined;
  const value = values.length === 1 ? 'no value' : 'its value behind the comma';
  return `v3's Query takes this for the parameter's name, "=" and all, with ${value}`;
}

/** `{name}` or `{name:pattern}`, and no count as in `[a-z]{2,3}`, no `\p{L}`, no `\{`. */
function hasTemplate(text: string): boolean {
  return /(?<!\\|\\[pPx])\{(?!\d+(?:,\d*)?\})[^{}]+(?:\{[^{}]*\}[^{}]*)*\}/.test(text);
}
