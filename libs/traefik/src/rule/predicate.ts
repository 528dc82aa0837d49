/** What the matchers of both generations are made of: a matcher's values in, a question about a request out. */
import { isIn, networkOf } from './address.ts';
import { parseGoRegexp, toJs } from './go-regexp/index.ts';

export type Predicate<Asked> = (asked: Asked) => boolean;

/** @throws Error with the words of Traefik's log, where the matcher refuses its values */
export type Matcher<Asked> = (values: readonly string[]) => Predicate<Asked>;

/** An expression of Go's that JavaScript cannot run: the rule is valid, and what it accepts cannot be told here. */
export class UnevaluableError extends Error {
  readonly source: string;
  constructor(source: string) {
    super(
      `JavaScript cannot run the regular expression ${JSON.stringify(source)} of Go: a negated Unicode class in either case`,
    );
    this.name = 'UnevaluableError';
    this.source = source;
  }
}

/**
 * Go's MatchString: anywhere in the text. Refused when it is made, unevaluable only when it is asked.
 * @throws GoRegexpError
 */
export function goRegexp(source: string): (text: string) => boolean {
  const js = toJs(parseGoRegexp(source));
  return (text) => {
    if (!js) throw new UnevaluableError(source);
    return js.test(text);
  };
}

/** v2.11.18 and v3.3.6 pkg/ip/checker.go: any of them. */
export function addressChecker(values: readonly string[], before: string): (address: string) => boolean {
  const networks = values.map((value) => {
    const network = networkOf(value);
    if (!network) throw new Error(`${before}: parsing CIDR trusted IPs <nil>: invalid CIDR address: ${value}`);
    return network;
  });
  return (address) => networks.some((network) => isIn(address, network));
}

/** Names are compared without regard to a last dot on either side (v2.11.18 mux.go host, v3.3.6 matcher.go host). */
export function isSameHost(asked: string, written: string): boolean {
  return asked !== '' && (asked === written || `${asked}.` === written || asked === `${written}.`);
}

export function refuseNonAscii(value: string, matcher: string): void {
  if ([...value].every((letter) => letter < '\u0080')) return;
  throw new Error(
    `invalid value ${JSON.stringify(value)} for ${matcher} matcher, non-ASCII characters are not allowed`,
  );
}
