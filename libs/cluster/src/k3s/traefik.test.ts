import { expect, test } from 'vitest';
import { crdsAreThere, jobToHold, type JobState } from './traefik.ts';

const jobs = (...all: readonly JobState[]) => new Map(all.map((one) => [one.name, one]));
const crds = (complete: boolean): JobState => ({ name: 'helm-install-traefik-crd', complete });
const traefik: JobState = { name: 'helm-install-traefik', complete: false };

test('the job of Traefik is held as soon as it is there, whichever of the two comes first', () => {
  expect(jobToHold(jobs(crds(false)), crds(false))).toEqual({ done: false, saw: 'no job helm-install-traefik' });
  expect(jobToHold(jobs(traefik), traefik)).toEqual({ done: true, value: 'hold' });
});

test('where the CRDs are there already, nothing has to be held', () => {
  expect(jobToHold(jobs(crds(true), traefik), traefik)).toEqual({ done: true, value: 'too late' });
});

test('it is released when the CRDs are there, and not when another job is complete', () => {
  const other = { name: 'helm-install-other', complete: true };
  expect(crdsAreThere(jobs(crds(false), other), other)).toMatchObject({ done: false });
  expect(crdsAreThere(jobs(crds(true), other), other)).toMatchObject({ done: true });
});
