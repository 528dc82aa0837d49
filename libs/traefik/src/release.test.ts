import { describe, expect, test } from 'vitest';
import { RELEASES, releaseOf, releasesIn } from './release.ts';

describe('which Traefik a k3s release ships', () => {
  test('the last with Traefik 2 and the first with Traefik 3 are patches of the same minor', () => {
    expect(releaseOf('v1.32.1+k3s1')).toEqual({
      k3s: 'v1.32.1+k3s1',
      traefik: '2.11.18',
      generation: 'v2',
      chart: '27.0.201+up27.0.2',
      chartGeneration: 27,
    });
    expect(releaseOf('v1.32.2+k3s1')).toMatchObject({ traefik: '3.3.2', generation: 'v3', chartGeneration: 34 });
  });

  test('is found by the tag of an image, and without a build', () => {
    expect(releaseOf('v1.33.3-k3s1')).toMatchObject({ k3s: 'v1.33.3+k3s1', traefik: '3.3.6' });
    expect(releaseOf('1.35.1')).toMatchObject({ k3s: 'v1.35.1', traefik: '3.6.7', chartGeneration: 38 });
  });

  test('builds of one patch may ship different ones, and must then be named', () => {
    expect(releaseOf('v1.35.0+k3s1').traefik).toBe('3.5.1');
    expect(releaseOf('v1.35.0+k3s3').traefik).toBe('3.6.7');
    expect(() => releaseOf('v1.35.0')).toThrow(
      /builds of k3s v1\.35\.0 ship different Traefiks.*\n.*v1\.35\.0\+k3s1 \(Traefik 3\.5\.1\)/,
    );
  });

  test('a range is each patch of it', () => {
    const found = releasesIn('v1.33.0-.5').map(({ k3s, traefik }) => `${k3s} ${traefik}`);
    expect(found).toEqual([0, 1, 2, 3, 4, 5].map((patch) => `v1.33.${patch} 3.3.6`));
    expect(releasesIn('v1.35.0-.1').map(({ traefik }) => traefik)).toEqual(['3.5.1', '3.6.7', '3.6.7']);
  });

  test('a newer release is said to be unknown, with the newest known, and no guess', () => {
    expect(() => releaseOf('v1.38.0+k3s1')).toThrow(
      /newer than every release known.*not guessed\.\n.*v1\.37\.1 \(Traefik 3\.7\.13\)/,
    );
  });

  test('a release between two known ones names both', () => {
    expect(() => releaseOf('v1.34.5+k3s1')).toThrow(
      /not in the table[^]*v1\.34\.2 \(Traefik 3\.5\.1\) or v1\.34\.9 \(Traefik 3\.7\.4\)/,
    );
  });

  test('what is no version says how one is written, and the nearest', () => {
    expect(() => releaseOf('v1.32.1k3s1')).toThrow(
      /no k3s release\. Allowed: v1\.<minor>\.<patch>[^]*nearest known is v1\.32\.1/,
    );
  });

  test('no release is in the table twice, and none of a later minor has an older generation than an earlier patch', () => {
    expect(new Set(RELEASES.map(({ k3s }) => k3s)).size).toBe(RELEASES.length);
    const firstV3 = RELEASES.findIndex(({ generation }) => generation === 'v3');
    expect(RELEASES.slice(firstV3).every(({ generation }) => generation === 'v3')).toBe(true);
  });
});
