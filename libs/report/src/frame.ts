/** Measures that every drawing of a timeline shares. */
import type { Markup } from './markup.ts';
import type { Range } from './picture.ts';

export const WIDTH = 1112;
export const LABELS = 150;
/** Wide enough for a figure like "34 % for ≥ 21.3 s", bold. */
export const FIGURES = 152;
export const PLOT: number = WIDTH - LABELS - FIGURES;
export const LANE = 22;
export const BAR = 16;
export const SMALL = 11.5;
/** Space a character takes at the size of labels: to keep them apart. */
export const CHARACTER = 6.3;

export interface Frame {
  readonly range: Range;
  /** Pixels of a time. */
  readonly x: (at: number) => number;
  /** Where the lanes begin and end. */
  readonly top: number;
  readonly bottom: number;
}

export interface Piece {
  readonly svg: Markup;
  readonly height: number;
}
