/** What a cluster said is text, wherever it is shown: never markup, never a control sequence. */
import { htmlEscape } from 'escape-goat';

/** Without control characters: no escape sequence of somebody else's reaches a terminal, no NUL an XML file. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]+/g, ' ');
}

/** For HTML and XML, in text and in quoted attributes. */
export function escaped(text: string | number): string {
  return htmlEscape(oneLine(String(text)));
}

/** For Markdown: HTML is escaped, and what would be a table's edge, emphasis, code or a link is not. */
export function markdown(text: string): string {
  // In this order: the number sign of an HTML entity is no heading.
  return escaped(text.replaceAll(/[\\`*_[\]|~#]/g, (character) => `\\${character}`));
}

/** Cut to a width, with an ellipsis where something is missing. */
export function fitted(text: string, width: number): string {
  const clean = oneLine(text);
  if (clean.length <= width) return clean.padEnd(width);
  return width < 2 ? clean.slice(0, width) : `${clean.slice(0, width - 1)}…`;
}

/** A code block whose content cannot end it. */
export function code(text: string): readonly string[] {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [`${fence}text`, ...text.split('\n').map(oneLine), fence];
}

/** No line ends within a figure. */
export function unbroken(sentence: string): string {
  return sentence.replaceAll(/(\d) (s|%)/g, '$1\u00a0$2').replaceAll(' ± ', '\u00a0±\u00a0');
}
