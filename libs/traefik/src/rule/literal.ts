/** Go string literals: what they stand for, and how a text is written as one. */

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([\s\S]))/g;

/** What a quoted literal stands for; undefined: an escape that Go does not know. */
export function unquoted(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  // The scanner drops carriage returns from raw strings (go/scanner: stripCR).
  if (literal.startsWith('`')) return inner.replaceAll('\r', '');
  let isKnown = true;
  const text = inner.replace(ESCAPE, (_whole, ...[x, u, long, octal, letter]: (string | undefined)[]) => {
    const hex = x ?? u ?? long;
    const code = hex === undefined ? Number.parseInt(octal ?? '-1', 8) : Number.parseInt(hex, 16);
    if (letter === undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    const simple = letter === undefined ? undefined : SIMPLE[letter];
    isKnown &&= simple !== undefined;
    return simple ?? '';
  });
  return isKnown ? text : undefined;
}

/** A text as a Go literal: in backquotes, where it can be. */
export function quoted(text: string): string {
  return /[`\r]/.test(text) ? JSON.stringify(text) : `\`${text}\``;
}
