/**
 * Reads a regular expression as Go's regexp package does (Go 1.23 regexp/syntax/parse.go, flags Perl), and refuses in its
 * words what it refuses.
 */
import { complement, MAX_CODE, PERL } from './class.ts';
import { readClass } from './class-parse.ts';
import { escapeAt, unicodeAt } from './escape.ts';
import { MAX_REPEAT, repeatAt, repeats } from './repeat.ts';
import { GoRegexpError, type Range, type RegexpNode } from './node.ts';

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

const NO_FLAGS: Flags = { i: false, m: false, s: false, U: false };
/** parse.go: maxHeight. */
const MAX_HEIGHT = 1000;

/** @throws GoRegexpError */
export function parseGoRegexp(text: string): RegexpNode {
  return new Reader(text).read();
}

class Reader {
  readonly #text: string;
  #at = 0;
  #flags = NO_FLAGS;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): RegexpNode {
    const node = this.#either();
    if (this.#at < this.#text.length) throw new GoRegexpError('unexpected )', this.#text);
    return node;
  }

  #isAt(part: string): boolean {
    return this.#text.startsWith(part, this.#at);
  }

  #take(part: string): boolean {
    if (!this.#isAt(part)) return false;
    this.#at += part.length;
    return true;
  }

  #either(): RegexpNode {
    this.#depth += 1;
    if (this.#depth > MAX_HEIGHT) throw new GoRegexpError('expression nests too deeply', this.#text);
    const branches = [this.#sequence()];
    while (this.#take('|')) branches.push(this.#sequence());
    this.#depth -= 1;
    const [only] = branches;
    return branches.length === 1 && only ? only : { kind: 'either', of: branches };
  }

  #sequence(): RegexpNode {
    const nodes: RegexpNode[] = [];
    while (this.#at < this.#text.length && !this.#isAt('|') && !this.#isAt(')')) {
      if (this.#take('\\Q')) nodes.push(...this.#quotedLetters());
      else {
        const node = this.#atom();
        if (node) nodes.push(node);
      }
      const last = nodes.pop();
      if (last) nodes.push(this.#repeated(last));
      else this.#refuseRepeat();
    }
    const [only] = nodes;
    return nodes.length === 1 && only ? only : { kind: 'sequence', of: nodes };
  }

  /** `\Q...\E`, and to the end of the text where no `\E` comes. */
  #quotedLetters(): readonly RegexpNode[] {
    const end = this.#text.indexOf('\\E', this.#at);
    const inner = this.#text.slice(this.#at, end < 0 ? this.#text.length : end);
    this.#at = end < 0 ? this.#text.length : end + 2;
    return [...inner].map((letter) => this.#letter(letter.codePointAt(0) ?? 0));
  }

  #letter(code: number): RegexpNode {
    return { kind: 'set', ranges: [[code, code]], classes: [], isNegated: false, fold: this.#flags.i, isLetter: true };
  }

  #set(ranges: readonly Range[]): RegexpNode {
    return { kind: 'set', ranges, classes: [], isNegated: false, fold: this.#flags.i, isLetter: false };
  }

  /** One thing that can be repeated; undefined: flags. */
  #atom(): RegexpNode | undefined {
    if (this.#isAt('(')) return this.#group();
    if (this.#isAt('[')) return this.#class();
    if (this.#isAt('\\')) return this.#escape();
    this.#refuseRepeat();
    const code = this.#text.codePointAt(this.#at) ?? 0;
    const letter = String.fromCodePoint(code);
    this.#at += letter.length;
    if (letter === '.') return this.#set(this.#flags.s ? [[0, MAX_CODE]] : complement([[10, 10]]));
    if (letter === '^') return { kind: 'assert', what: this.#flags.m ? 'line-begin' : 'text-begin' };
    if (letter === '$') return { kind: 'assert', what: this.#flags.m ? 'line-end' : 'text-end' };
    return this.#letter(code);
  }

  /** `*` where there is nothing to repeat. */
  #refuseRepeat(): void {
    const found = repeatAt(this.#text, this.#at);
    if (found) throw new GoRegexpError('missing argument to repetition operator', found.text);
  }

  #group(): RegexpNode | undefined {
    const before = this.#flags;
    if (this.#isAt('(?')) {
      const begin = this.#at;
      if (!this.#takeName() && this.#takeFlags(begin)) return undefined;
    } else this.#at += 1;
    const node = this.#either();
    if (!this.#take(')')) throw new GoRegexpError('missing closing )', this.#text);
    this.#flags = before;
    return node;
  }

  /** `(?P<name>` and `(?<name>`; false: the group has none. */
  #takeName(): boolean {
    const rest = this.#text.slice(this.#at);
    const [opening] = /^\(\?P?</.exec(rest) ?? [];
    if (opening === undefined) return false;
    const end = rest.indexOf('>');
    if (end < 0) throw new GoRegexpError('invalid named capture', rest);
    const name = rest.slice(opening.length, end);
    if (!/^\w+$/.test(name)) throw new GoRegexpError('invalid named capture', rest.slice(0, end + 1));
    this.#at += end + 1;
    return true;
  }

  /** `(?i)`: true, the flags hold to the end of the group around it. `(?i:`: false, what is in the group follows. */
  #takeFlags(begin: number): boolean {
    const [whole, on, off, end] = /^\(\?([imsU]*)(-[imsU]+)?([:)])/.exec(this.#text.slice(begin)) ?? [];
    if (whole === undefined) throw this.#badFlags(begin);
    const change = (flag: keyof Flags) => (on?.includes(flag) || this.#flags[flag]) && !off?.includes(flag);
    this.#flags = { i: change('i'), m: change('m'), s: change('s'), U: change('U') };
    this.#at = begin + whole.length;
    return end === ')';
  }

  #badFlags(begin: number): GoRegexpError {
    const rest = this.#text.slice(begin);
    if (/^\(\?[imsU-]*$/.test(rest)) return new GoRegexpError('missing argument to repetition operator', '?');
    const [part = rest] = /^\(\?[imsU]*-?[imsU]*[^imsU]?/u.exec(rest) ?? [];
    return new GoRegexpError('invalid or unsupported Perl syntax', part);
  }

  #class(): RegexpNode {
    const { node, end } = readClass(this.#text, this.#at, this.#flags.i);
    this.#at = end;
    return node;
  }

  #escape(): RegexpNode {
    const next = this.#text[this.#at + 1] ?? '';
    const assertion = ASSERTIONS[next];
    const perl = PERL[next.toLowerCase()];
    if (assertion || perl) this.#at += 2;
    if (assertion) return { kind: 'assert', what: assertion };
    if (perl) return this.#perl(perl, next !== next.toLowerCase());
    const unicode = unicodeAt(this.#text, this.#at);
    if (unicode) {
      this.#at = unicode.end;
      return {
        kind: 'set',
        ranges: [],
        classes: [unicode.found],
        isNegated: false,
        fold: this.#flags.i,
        isLetter: false,
      };
    }
    const { code, end } = escapeAt(this.#text, this.#at);
    this.#at = end;
    return this.#letter(code);
  }

  #perl(ranges: readonly Range[], isNegated: boolean): RegexpNode {
    return { kind: 'set', ranges, classes: [], isNegated, fold: this.#flags.i, isLetter: false };
  }

  #repeated(of: RegexpNode): RegexpNode {
    const found = repeatAt(this.#text, this.#at);
    if (!found) return of;
    this.#at += found.text.length;
    const { text, min, max } = found;
    const node: RegexpNode = { kind: 'repeat', of, min, max, isLazy: found.isLazy !== this.#flags.U };
    if (repeats(node) > MAX_REPEAT) throw new GoRegexpError('invalid repeat count', text);
    const next = repeatAt(this.#text, this.#at);
    if (next) throw new GoRegexpError('invalid nested repetition operator', text + next.text);
    return node;
  }
}

const ASSERTIONS: Readonly<Record<string, Extract<RegexpNode, { kind: 'assert' }>['what']>> = {
  A: 'text-begin',
  z: 'text-end',
  b: 'word',
  B: 'not-word',
};
