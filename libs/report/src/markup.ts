/** Elements of HTML and SVG. Attributes and texts are escaped here, so that nobody has to remember it. */
import { escaped } from './clean.ts';

/** Markup that is already safe. */
export interface Markup {
  readonly markup: string;
}

export type Child = string | number | Markup | undefined;

/** Numbers are rounded to a tenth: a pixel has no more to say. Attributes without a value are left out. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly Child[]
): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [` ${key}="${escaped(typeof value === 'number' ? Math.round(value * 10) / 10 : value)}"`];
  });
  return { markup: `<${name}${written.join('')}>${group(...children).markup}</${name}>` };
}

/** Children without an element around them. */
export function group(...children: readonly Child[]): Markup {
  const parts = children.map((child) =>
    typeof child === 'object' ? child.markup : child === undefined ? '' : escaped(child),
  );
  return { markup: parts.join('') };
}

export const NOTHING: Markup = { markup: '' };
