/** Which Traefik a k3s release ships: answered by the table of releases, which says where each line was looked up. */
import { RELEASES, type Release } from '@faultline/traefik';
import { pureClaim, seen, type Claim, type Seen } from '../claim.ts';

const patch = (k3s: string): readonly [minor: number, patch: number] => {
  const [, minor = 0, of = 0] = /^v1\.(\d+)\.(\d+)/.exec(k3s) ?? [];
  return [Number(minor), Number(of)];
};

/** Those that ship another generation than is said, first and last. */
function allShip(releases: readonly Release[], generation: 'v2' | 'v3'): Seen {
  const others = releases.filter((one) => one.generation !== generation);
  const said = (one = releases[0]) => `${one?.k3s} ships ${one?.traefik}`;
  if (releases.length === 0) return seen(false, 'no release known');
  if (others.length === 0) {
    return seen(true, `all ${releases.length} releases known, ${said()} to ${said(releases.at(-1))}`);
  }
  return seen(false, `${others.length} of ${releases.length} do not: ${said(others[0])} to ${said(others.at(-1))}`);
}

interface Span {
  readonly from: string;
  readonly to?: string;
  readonly ships: 'v2' | 'v3';
}

const isBefore = (a: string, b: string) => patch(a)[0] - patch(b)[0] || patch(a)[1] - patch(b)[1];

/** Within the minors that a sentence names, by their numbers. */
const shipsWithin = ({ from, to, ships }: Span): Seen =>
  allShip(
    RELEASES.filter(({ k3s }) => isBefore(k3s, from) >= 0 && (to === undefined || isBefore(k3s, to) < 0)),
    ships,
  );

export const versions: readonly Claim[] = [
  pureClaim({
    id: 'A01',
    sentence: 'From 1.28 on, k3s ships Traefik v3.',
    stands: ['S0', 'Traefik Ingress Controller'],
    predicted: ['false', 'v1.32.2+k3s1 is the first with v3'],
    here: { is: 'all releases from v1.28.1 on', of: { from: 'v1.28.0', ships: 'v3' } },
    twin: { is: 'all releases from v1.33.0 on', shows: 'control', of: { from: 'v1.33.0', ships: 'v3' } },
    ask: (span: Span) => shipsWithin(span),
  }),
  pureClaim({
    id: 'A02',
    sentence: 'From 1.21 on, k3s ships Traefik v2.',
    stands: ['S1', 'Traefik Ingress Controller'],
    predicted: ['outdated', 'true until v1.32.1+k3s1; what came before 1.28 is not in the table'],
    outdatedSince: 'v1.32.2+k3s1',
    here: { is: 'all releases known, v1.28.1 to the newest', of: { from: 'v1.28.0', ships: 'v2' } },
    twin: {
      is: 'those before v1.31.0',
      shows: 'control',
      of: { from: 'v1.28.0', to: 'v1.31.0', ships: 'v2' },
    },
    ask: (span: Span) => shipsWithin(span),
  }),
  pureClaim({
    id: 'A03',
    sentence: 'k3s ships Traefik v3 from 1.32 on, and v2 from 1.21 to 1.31.',
    stands: ['docs', 'networking/networking-services'],
    predicted: ['false', 'v1.32.0 and v1.32.1 ship v2'],
    here: { is: 'all patches of 1.32', of: { from: 'v1.32.0', to: 'v1.33.0', ships: 'v3' } },
    twin: { is: 'its patches from .2 on', shows: 'control', of: { from: 'v1.32.2', to: 'v1.33.0', ships: 'v3' } },
    ask: (span: Span) => shipsWithin(span),
  }),
  pureClaim({
    id: 'A113',
    sentence: 'The releases that the lab shows, up to v1.29.5, all have Traefik v2.',
    stands: ['S4', '1. k3s'],
    predicted: ['true', 'the table, from 1.28 on'],
    here: { is: 'all releases from v1.28.1 to v1.29.5', of: { from: 'v1.28.0', to: 'v1.29.6', ships: 'v2' } },
    twin: { is: 'the same question of v1.33', shows: 'control', of: { from: 'v1.33.0', to: 'v1.34.0', ships: 'v2' } },
    ask: (span: Span) => shipsWithin(span),
  }),
];
