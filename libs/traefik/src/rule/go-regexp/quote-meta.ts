/** A text as a regular expression that matches it (Go 1.23 regexp.QuoteMeta). */
export function quoteMeta(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
