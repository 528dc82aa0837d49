/** How a string is written in YAML. */

/** Whether a text can be written into a string of this kind as it is. */
export function fits(text: string, type: string): boolean {
  if (type === 'QUOTE_DOUBLE') return !/["\\\n]/.test(text);
  if (type === 'QUOTE_SINGLE') return !/['\n]/.test(text);
  return type === 'BLOCK_LITERAL' ? !text.includes('\n') : !/: | #|:$|\n/.test(text);
}

/** As it was quoted before, if that can hold it: nothing else in the line changes. */
export function quoted(text: string, type: string): string {
  if (type === 'QUOTE_SINGLE') return `'${text.replaceAll("'", "''")}'`;
  if (type === 'QUOTE_DOUBLE') return JSON.stringify(text);
  const isPlain = /^[A-Za-z(][^#\n]*$/.test(text) && !/: |:$/.test(text) && text.trim() === text;
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`;
}
