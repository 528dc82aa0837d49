/** What a rule of lint is: a record, one file each in ./check, all of the same shape. */
import type { Manifest } from './documents.ts';
import type { Edit, Place, Severity } from './finding.ts';
import type { KindName } from './kind.ts';
import type { Path, Tree } from './tree.ts';

/** What of a release decides how manifests are read. */
export interface Shipped {
  /** `2.11.18`. */
  readonly traefik: string;
  /** Major version of the chart. */
  readonly chart: number;
}

/** From which release to which; what else in the same input changes how an object is read. */
export interface Upgrade {
  readonly from: Shipped;
  readonly to: Shipped;
  /** Of rules that do not say: `v2` where the values of Traefik's chart set `core.defaultRuleSyntax`. */
  readonly defaultSyntax: 'v2' | 'v3';
}

/** A place where a rule found something. */
export interface Spot {
  readonly tree: Tree;
  readonly path: Path;
  /** Which side of `key: value` is pointed at. */
  readonly at: 'key' | 'value';
  /** Within the value, where the rule knows better. */
  readonly place?: Place | undefined;
  readonly message: string;
  readonly advice: string;
  readonly edits: readonly Edit[];
}

export interface Check {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Since which Traefik, chart and k3s, for people. */
  readonly since: string;
  /** Whether the upgrade crosses the change: what broke before is no finding, and neither is what will break later. */
  readonly isCrossed: (upgrade: Upgrade) => boolean;
  /** Where it was looked up: repository, tag, file. */
  readonly sources: readonly string[];
  readonly kinds: readonly KindName[];
  /** What happens, at length, for the rule's page. */
  readonly explanation: string;
  /** The row of the corpus that shows it: libs/traefik/corpus/<row>; its manifests are the example of the page. */
  readonly row: string;
  readonly look: (manifest: Manifest, upgrade: Upgrade) => readonly Spot[];
}

/** From Traefik 2 to Traefik 3. */
export const toTraefik3 = (upgrade: Upgrade): boolean => toTraefik(3, 0)(upgrade);

/** Across a version of Traefik. */
export const toTraefik =
  (major: number, minor: number) =>
  ({ from, to }: Upgrade): boolean =>
    isBefore(from, major, minor) && !isBefore(to, major, minor);

function isBefore({ traefik }: Shipped, major: number, minor: number): boolean {
  const [theirs = 0, theirMinor = 0] = traefik.split('.').map(Number);
  return theirs < major || (theirs === major && theirMinor < minor);
}

/** Across the first chart that has the change. */
export const toChart =
  (first: number) =>
  ({ from, to }: Upgrade): boolean =>
    from.chart < first && to.chart >= first;
