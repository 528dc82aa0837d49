/** Judges manifests: what of them an upgrade from one k3s release to another breaks, changes, or will break. */
import { argumentsOf } from './argument.ts';
import { checks } from './check/index.ts';
import type { Check, Shipped, Spot, Upgrade } from './check.ts';
import { readDocuments, type Input, type Manifest } from './documents.ts';
import type { Finding, Place } from './finding.ts';
import { kindNamed } from './kind.ts';
import type { Release } from './release.ts';
import { causeOf, NotJudgedError, type Unreadable } from './unreadable.ts';

export interface Linted {
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
  /** How many objects were read, and of how many of them lint knows the kind. */
  readonly objects: { readonly read: number; readonly known: number };
}

/** Both are sorted by file, line and column. */
export function lint(inputs: readonly Input[], { from, to }: { from: Release; to: Release }): Linted {
  const documents = inputs.map(readDocuments);
  const manifests = documents.flatMap(({ manifests: some }) => some);
  const known = manifests.filter((manifest) => kindOf(manifest) !== undefined);
  const upgrade = { from: shipped(from), to: shipped(to), defaultSyntax: defaultSyntaxOf(known) };
  const crossed = checks.filter((check) => check.isCrossed(upgrade));
  const judgements = known.map((manifest) => judged(manifest, crossed, upgrade));
  return {
    findings: judgements.flatMap(({ findings }) => findings).toSorted(byPlace),
    unreadable: [...documents, ...judgements].flatMap(({ unreadable }) => unreadable).toSorted(byPlace),
    objects: { read: manifests.length, known: known.length },
  };
}

/** Where the chart of a release is not known it is newer than those that are. */
const NEWEST_CHART = 40;

const shipped = ({ traefik, chartGeneration }: Release): Shipped => ({
  traefik,
  chart: chartGeneration ?? NEWEST_CHART,
});

const kindOf = ({ apiVersion, object }: Manifest): ReturnType<typeof kindNamed> => kindNamed(apiVersion, object.kind);

function judged(
  manifest: Manifest,
  crossed: readonly Check[],
  upgrade: Upgrade,
): Pick<Linted, 'findings' | 'unreadable'> {
  const kind = kindOf(manifest);
  const asked = crossed.filter(({ kinds }) => kind !== undefined && kinds.includes(kind));
  try {
    const findings = asked.flatMap((check) =>
      check.look(manifest, upgrade).map((spot) => findingOf(check, spot, manifest)),
    );
    return { findings, unreadable: [] };
  } catch (cause) {
    // A rule of a hundred thousand parentheses: that it was not judged is said, and the others are.
    if (!(cause instanceof RangeError || cause instanceof NotJudgedError)) throw cause;
    return { findings: [], unreadable: [{ place: manifest.tree.place([]), message: causeOf(cause) }] };
  }
}

function findingOf(check: Check, spot: Spot, { object, tree, values }: Manifest): Finding {
  const { path, message, advice, edits } = spot;
  const inside = values !== undefined && spot.tree === values;
  return {
    rule: check.id,
    severity: check.severity,
    place: spot.place ?? (spot.at === 'key' ? spot.tree.keyPlace(path) : spot.tree.place(path)),
    object,
    path: inside ? `spec.valuesContent: ${written(path)}` : written([...tree.base, ...path]),
    message,
    advice,
    edits,
  };
}

/** `spec.routes[0].match`, and keys that are no words in brackets too. */
const written = (path: readonly (string | number)[]): string =>
  path
    .map((key) => (typeof key === 'string' && /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`))
    .join('')
    .replace(/^\./, '');

/** Values of the chart in the same input decide how its rules are read. */
function defaultSyntaxOf(manifests: readonly Manifest[]): Upgrade['defaultSyntax'] {
  const isV2 = manifests.some(
    ({ values }) =>
      values !== undefined &&
      (values.get(['core', 'defaultRuleSyntax']) === 'v2' ||
        argumentsOf(values).some(({ name, value }) => name === 'core.defaultrulesyntax' && value === 'v2')),
  );
  return isV2 ? 'v2' : 'v3';
}

function byPlace({ place: one }: { place: Place }, { place: other }: { place: Place }): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
