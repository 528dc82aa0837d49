/** What the formats are made of. */
import type { Linted } from '../lint.ts';
import type { Release } from '../release.ts';

export interface Report {
  readonly linted: Linted;
  readonly from: Release;
  readonly to: Release;
}
