/** The frame of every page: one file that opens offline. No script, no asset: its content security policy forbids both. */
import { tag, type Markup } from './markup.ts';
import { STYLE } from './style.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** @param style what this page adds to the style of all. */
export function page(title: string, body: Markup, style = ''): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `${tag('title', {}, title).markup}<style>${STYLE}${style}</style></head>`,
    `<body>${body.markup}</body></html>\n`,
  ].join('\n');
}

/**
 * A link to a page beside this one; plain text where the address is anything but a relative path, for a link that a
 * cluster made up could lead anywhere.
 */
export function link(to: string | undefined, text: string): Markup {
  const isRelative = to !== undefined && !to.startsWith('/') && !/[:?#\\]/.test(to);
  return isRelative ? tag('a', { href: to.split('/').map(encodeURIComponent).join('/') }, text) : tag('span', {}, text);
}
