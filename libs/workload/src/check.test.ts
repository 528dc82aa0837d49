import { expect, test } from 'vitest';
import { checkWorkload, isOurs } from './check.ts';
import { DEFAULT_HOST } from './spec.ts';

const good = { app: 'faultline/userlist:1a2b3c', replicas: 6, host: DEFAULT_HOST, place: 'spread' } as const;

test.each([
  good,
  { ...good, replicas: 1, host: 'localhost' },
  { ...good, replicas: 60, app: 'registry.example:5000/ssongman/userlist:v1' },
])('%o can be', (spec) => {
  expect(checkWorkload(spec)).toEqual(spec);
});

test.each([0, 61, 1.5, Number.NaN])('%d replicas are refused with the bounds', (replicas) => {
  expect(() => checkWorkload({ ...good, replicas })).toThrow(
    `replicas: ${replicas}. Allowed: a whole number from 1 to 60`,
  );
});

test.each([
  '',
  'Userlist.test',
  'a..b',
  '-a.test',
  'a_b.test',
  'a.test }\nlisten *:81',
  `${'a'.repeat(64)}.test`,
  `${'a.'.repeat(127)}a`,
])('the host %j is refused', (host) => {
  expect(() => checkWorkload({ ...good, host })).toThrow(/^host: .* Allowed: a DNS name in lower case/);
});

test.each(['', '--privileged', 'a b', 'a\nb'])('the image %j is refused', (app) => {
  expect(() => checkWorkload({ ...good, app })).toThrow(/^app: .* Allowed: the name of an image/);
});

test('our app is known by its name', () => {
  expect(
    [
      'faultline/userlist:1a',
      'docker.io/faultline/userlist@sha256:00',
      'ssongman/userlist:v1',
      'faultline/userlist-x:1',
    ].map(isOurs),
  ).toEqual([true, true, false, false]);
});
