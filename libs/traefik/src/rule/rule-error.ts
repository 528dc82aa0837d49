/** A rule that Traefik refuses: its router is disabled, and its requests get 404. */
import type { Span } from './tree.ts';

export interface Refusal extends Span {
  /** What the parser, or the matcher, says, without the words that Traefik puts before it. */
  readonly reason: string;
  /** What could stand there: tokens, or names of matchers. Empty where that is not a list. */
  readonly expected?: readonly string[];
  /** The valid name nearest to the one that stands there. */
  readonly nearest?: string | undefined;
}

export class RuleError extends Error implements Refusal {
  readonly reason: string;
  /**
   * What Traefik logs, as v2.11.18 and v3.3.6 word it; without the count of further faults, where the text has several.
   * Later ones (v3.5.1, v3.6.7) put `error while parsing rule <rule>: adding rule <rule>: ` before the same reason.
   */
  readonly log: string;
  readonly begin: number;
  readonly end: number;
  readonly expected: readonly string[];
  readonly nearest: string | undefined;

  constructor(text: string, refusal: Refusal, log: string) {
    super(`${refusal.reason}, at offset ${refusal.begin} of rule "${text}"${advice(refusal)}`);
    this.name = 'RuleError';
    this.reason = refusal.reason;
    this.log = log;
    this.begin = refusal.begin;
    this.end = refusal.end;
    this.expected = refusal.expected ?? [];
    this.nearest = refusal.nearest;
  }
}

function advice({ expected = [], nearest }: Refusal): string {
  const allowed = expected.length > 0 ? `. Allowed here: ${expected.join(', ')}` : '';
  return nearest === undefined ? allowed : `. Nearest: ${nearest}${allowed}`;
}

/** Thrown inside of the readers, where the rule as a whole is not known. */
export class RefusedError extends Error {
  readonly refusal: Refusal;
  /** `syntax`: go/parser refuses it. `meaning`: it is an expression, and no rule. */
  readonly by: 'syntax' | 'meaning';
  constructor(refusal: Refusal, by: RefusedError['by'] = 'syntax') {
    super(refusal.reason);
    this.name = 'RefusedError';
    this.refusal = refusal;
    this.by = by;
  }
}
