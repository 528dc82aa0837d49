/**
 * Which images a k3s release needs: data, from `scripts/airgap/image-list.txt` of each release's source.
 *
 * To add a release: copy its lines of that file here, and the containerd it ships (`containerd --version` in its image).
 */

/** What a cluster may do without, and so need not import. `core` is what every node needs. */
export type Component = 'core' | 'traefik' | 'servicelb' | 'metrics-server' | 'local-storage';

export interface K3sRelease {
  /** `v1.33.3+k3s1`. */
  readonly version: string;
  readonly traefik: string;
  /** Major version: 1.7 and 2 are configured differently. */
  readonly containerd: '1.7' | '2';
  /** The images of the release's air-gap list, by what needs them. */
  readonly images: Readonly<Record<Component, readonly string[]>>;
}

interface Tags {
  readonly helm: string;
  readonly lb: string;
  readonly localPath: string;
  readonly coredns: string;
  readonly busybox: string;
  readonly traefik: string;
  readonly metrics: string;
}

function release(version: string, containerd: K3sRelease['containerd'], tags: Tags): K3sRelease {
  const images: K3sRelease['images'] = {
    core: ['rancher/mirrored-pause:3.6', `rancher/mirrored-coredns-coredns:${tags.coredns}`],
    // klipper-helm runs the jobs that install Traefik's charts; nothing else of a default k3s is a chart.
    traefik: [`rancher/klipper-helm:${tags.helm}`, `rancher/mirrored-library-traefik:${tags.traefik}`],
    servicelb: [`rancher/klipper-lb:${tags.lb}`],
    'metrics-server': [`rancher/mirrored-metrics-server:${tags.metrics}`],
    // busybox is what local-path-provisioner runs to make and remove folders.
    'local-storage': [
      `rancher/local-path-provisioner:${tags.localPath}`,
      `rancher/mirrored-library-busybox:${tags.busybox}`,
    ],
  };
  return { version, traefik: tags.traefik, containerd, images };
}

/** Oldest first. */
export const K3S_RELEASES: readonly K3sRelease[] = [
  release('v1.32.1+k3s1', '1.7', {
    helm: 'v0.9.4-build20250113',
    lb: 'v0.4.10',
    localPath: 'v0.0.30',
    coredns: '1.12.0',
    busybox: '1.36.1',
    traefik: '2.11.18',
    metrics: 'v0.7.2',
  }),
  release('v1.33.3+k3s1', '2', {
    helm: 'v0.9.8-build20250709',
    lb: 'v0.4.13',
    localPath: 'v0.0.31',
    coredns: '1.12.1',
    busybox: '1.36.1',
    traefik: '3.3.6',
    metrics: 'v0.7.2',
  }),
  release('v1.35.1+k3s1', '2', {
    helm: 'v0.9.14-build20260210',
    lb: 'v0.4.14',
    localPath: 'v0.0.34',
    coredns: '1.14.1',
    busybox: '1.37.0',
    traefik: '3.6.7',
    metrics: 'v0.8.1',
  }),
];

export const DEFAULT_K3S = 'v1.33.3+k3s1';

export class UnknownReleaseError extends Error {
  readonly version: string;
  constructor(version: string) {
    const [nearest, ...others] = byDistance(version).map((known) => known.version);
    super(
      `unknown k3s release "${version}". Nearest known: ${nearest}; also known: ${others.join(', ')}.\n` +
        'Next: use one of these, or add the release to libs/cluster/src/image/catalogue.ts (its source says how)',
    );
    this.name = 'UnknownReleaseError';
    this.version = version;
  }
}

/** @throws UnknownReleaseError naming the nearest known ones. */
export function k3sRelease(version: string): K3sRelease {
  const known = K3S_RELEASES.find((candidate) => candidate.version === version);
  if (!known) throw new UnknownReleaseError(version);
  return known;
}

/** The image of a node: a tag cannot hold a `+`. */
export function k3sNodeImage(version: string): string {
  return `rancher/k3s:${version.replace('+', '-')}`;
}

/**
 * Every image that a cluster of this release with these components needs: the node's own first, then what the nodes import.
 * @throws UnknownReleaseError
 */
export function k3sImages(version: string, components: readonly Exclude<Component, 'core'>[]): readonly string[] {
  const { images } = k3sRelease(version);
  return [k3sNodeImage(version), ...(['core', ...components] as const).flatMap((component) => images[component])];
}

/** The parts of a k3s release, `--disable` takes their names. */
export const OPTIONAL_COMPONENTS: readonly Exclude<Component, 'core'>[] = [
  'traefik',
  'servicelb',
  'metrics-server',
  'local-storage',
];

/** The known releases, those with the nearest number first: minor before patch. */
function byDistance(version: string): readonly K3sRelease[] {
  const [wantedMinor, wantedPatch] = numbers(version);
  const distance = (known: K3sRelease) => {
    const [minor, patch] = numbers(known.version);
    return Math.abs(minor - wantedMinor) * 1000 + Math.abs(patch - wantedPatch);
  };
  return K3S_RELEASES.toSorted((a, b) => distance(a) - distance(b));
}

/** Minor and patch; those of the default for what is no version at all. */
function numbers(version: string): readonly [minor: number, patch: number] {
  const found = /^v?1\.(\d+)(?:\.(\d+))?/.exec(version);
  if (!found && version !== DEFAULT_K3S) return numbers(DEFAULT_K3S);
  return [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
}

/** The minor of a release: 33 of `v1.33.3+k3s1`. */
export function minorOf(version: string): number {
  return numbers(version)[0];
}
