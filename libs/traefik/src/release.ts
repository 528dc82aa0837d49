/**
 * Which Traefik, and which chart of it, a k3s release ships.
 *
 * Traefik: the component tables of k3s-io/docs, docs/release-notes/v1.28.X.md to v1.37.X.md. Charts: the history of
 * k3s-io/k3s manifests/traefik.yaml, where a commit names image and chart together; a backport's chart is taken from
 * the commit with its Traefik version. To add a release: look both up there, and add it to its line or a new one.
 */
import { nearest } from '@faultline/control/plan';
import type { Generation } from './rule/tree.ts';

export interface Release {
  /** `v1.32.1+k3s1`; where all builds of a patch ship the same, and none was named, `v1.32.1`. */
  readonly k3s: string;
  /** `2.11.18`. */
  readonly traefik: string;
  readonly generation: Generation;
  /** As the k3s binary serves it, `27.0.201+up27.0.2`; undefined: not seen by whoever wrote the table. */
  readonly chart: string | undefined;
  /** Major version of the chart, by which its values are read: 27. */
  readonly chartGeneration: number | undefined;
}

/** `v1.28.1-.2`: both patches, in any build. `v1.35.0+k3s3`: this build, because others of its patch ship another. */
type Row = readonly [traefik: string, chart: string | undefined, releases: string];

/** Oldest Traefik first. */
const TABLE: readonly Row[] = [
  ['2.9.10', '21.2.1+up21.2.0', 'v1.28.1-.2'],
  // v1.28.3+k3s2 has chart 25 (its release note: "Upgrade traefik chart to v25.0.0").
  ['2.10.5', '21.2.1+up21.2.0', 'v1.28.3+k3s1'],
  ['2.10.5', '25.0.2+up25.0.0', 'v1.28.3+k3s2 v1.28.4-.8 v1.29.0-.3'],
  ['2.10.7', '25.0.3+up25.0.0', 'v1.28.9-.11 v1.29.4-.8 v1.30.0-.4 v1.31.0'],
  ['2.11.8', '25.0.3+up25.0.0', 'v1.29.9 v1.30.5 v1.31.1'],
  ['2.11.10', '27.0.201+up27.0.2', 'v1.29.10-.11 v1.30.6-.8 v1.31.2-.4 v1.32.0'],
  ['2.11.18', '27.0.201+up27.0.2', 'v1.31.5 v1.32.1'],
  ['2.11.20', '27.0.201+up27.0.2', 'v1.31.6-.7'],
  ['2.11.24', '27.0.201+up27.0.2', 'v1.31.8-.11'],
  ['3.3.2', '34.2.1+up34.2.0', 'v1.32.2-.3'],
  ['3.3.6', '34.2.1+up34.2.0', 'v1.32.4-.9 v1.33.0-.5 v1.34.1'],
  ['3.5.1', '37.1.1+up37.1.0', 'v1.32.10 v1.32.11+k3s1 v1.33.6-.7 v1.34.2 v1.35.0+k3s1'],
  ['3.6.7', '38.0.201+up38.0.2', 'v1.32.11+k3s3 v1.35.0+k3s3 v1.35.1'],
  ['3.6.9', '39.0.201+up39.0.2', 'v1.35.2'],
  ['3.6.10', '39.0.501+up39.0.5', 'v1.35.3'],
  ['3.6.13', '39.0.701+up39.0.7', 'v1.35.4 v1.36.0-.1'],
  ['3.7.4', '40.1.3+up40.1.0', 'v1.34.9 v1.36.2'],
  ['3.7.13', undefined, 'v1.37.0-.1'],
];

const VERSION = /^v?1\.(\d+)\.(\d+)(?:[+-](k3s\d+))?$/;
const RANGE = /^(v?1\.\d+\.)(\d+)-\.(\d+)$/;

/** `v1.33.0-.5` is six releases; anything else is itself. */
function spread(range: string): readonly string[] {
  const [, minor, first, last] = RANGE.exec(range) ?? [];
  if (minor === undefined) return [range];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${minor}${Number(first) + index}`);
}

/** Every release known, oldest first; a patch whose builds differ is there once for each. */
export const RELEASES: readonly Release[] = TABLE.flatMap(([traefik, chart, releases]) =>
  releases
    .split(' ')
    .flatMap(spread)
    .map((k3s) => ({
      k3s,
      traefik,
      generation: traefik.startsWith('2.') ? ('v2' as const) : ('v3' as const),
      chart,
      chartGeneration: chart === undefined ? undefined : Number.parseInt(chart, 10),
    })),
).toSorted((one, other) => compare(one.k3s, other.k3s));

export class UnknownReleaseError extends Error {
  readonly version: string;
  constructor(version: string, why: string, advice: string) {
    super(`${why}.\nNext: ${advice}`);
    this.name = 'UnknownReleaseError';
    this.version = version;
  }
}

/**
 * What the release ships: `v1.32.1+k3s1`, `v1.32.1-k3s1` (an image's tag), or `v1.32.1` where its builds do not differ.
 * @throws UnknownReleaseError
 */
export function releaseOf(version: string): Release {
  const [, minor, patch, build] = VERSION.exec(version) ?? [];
  if (minor === undefined || patch === undefined) throw misspelt(version);
  const name = `v1.${minor}.${patch}`;
  const builds = RELEASES.filter(({ k3s }) => k3s.split('+')[0] === name);
  const exact = builds.find(({ k3s }) => k3s === name || k3s === `${name}+${build}`);
  if (exact) return build === undefined ? exact : { ...exact, k3s: `${name}+${build}` };
  throw builds.length === 0 ? unknown(version, name) : unknownBuild(version, builds);
}

/**
 * Each release known in `v1.33.0-.5`; of a single version, that one.
 * @throws UnknownReleaseError where one of them is not known
 */
export function releasesIn(range: string): readonly Release[] {
  return spread(range).flatMap((version) => {
    const builds = RELEASES.filter(({ k3s }) => k3s.split('+')[0] === version);
    return builds.length > 0 ? builds : [releaseOf(version)];
  });
}

function misspelt(version: string): UnknownReleaseError {
  const near =
    nearest(
      version,
      RELEASES.map(({ k3s }) => k3s),
    ) ??
    RELEASES.at(-1)?.k3s ??
    '';
  return new UnknownReleaseError(
    version,
    `"${version}" is no k3s release. Allowed: v1.<minor>.<patch>, with or without its build, as v1.33.3+k3s1; known: ${knownSpan()}`,
    `write it so; the nearest known is ${near}`,
  );
}

/** Never a guess: what the next release ships is not known before it is out. */
function unknown(version: string, name: string): UnknownReleaseError {
  const below = RELEASES.findLast(({ k3s }) => compare(k3s, name) < 0);
  const above = RELEASES.find(({ k3s }) => compare(k3s, name) > 0);
  const why =
    above === undefined
      ? 'newer than every release known here'
      : below
        ? 'not in the table'
        : 'older than every release known here';
  const near = [below, above].filter((release) => release !== undefined);
  return new UnknownReleaseError(
    version,
    `k3s ${version} is ${why} (${knownSpan()}): which Traefik it ships is not known, and is not guessed`,
    `use the nearest known, ${near.map(said).join(' or ')}; or add it to libs/traefik/src/release.ts (its head says from where)`,
  );
}

function unknownBuild(version: string, builds: readonly Release[]): UnknownReleaseError {
  return new UnknownReleaseError(
    version,
    `the builds of k3s ${version.split(/[+-]/)[0]} ship different Traefiks, and ${version} does not say a known one`,
    `use one of ${builds.map(said).join(', ')}`,
  );
}

function said({ k3s, traefik }: Release): string {
  return `${k3s} (Traefik ${traefik})`;
}

function knownSpan(): string {
  return `${RELEASES[0]?.k3s} to ${RELEASES.at(-1)?.k3s}`;
}

/** By minor, patch and build, as numbers; below zero: `one` is older. */
function compare(one: string, other: string): number {
  const [these, those] = [one, other].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (const index of [1, 2, 4]) {
    const difference = (these?.[index] ?? 0) - (those?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
