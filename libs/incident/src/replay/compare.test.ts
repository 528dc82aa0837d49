import type { KubeObject } from '@faultline/traefik';
import { expect, test } from 'vitest';
import { exampleBundle } from '../bundle/example.ts';
import { compare, isSame } from './compare.ts';

const bundle = exampleBundle();
const now = (change: Partial<{ objects: readonly KubeObject[]; seen: typeof bundle.about.seen }> = {}) =>
  compare(bundle, { objects: bundle.objects, seen: bundle.about.seen, ...change });
const changed = (spec: object): readonly KubeObject[] =>
  bundle.objects.map((object) => ({ ...object, spec: { ...object.spec, ...spec } }));

test('what is as it was is the same, whatever else is there', () => {
  const more: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'more', namespace: 'shop' } };
  const compared = now({ objects: [...bundle.objects, more], seen: [...bundle.about.seen, { what: 'x', saw: 'y' }] });
  expect(compared).toHaveLength(2);
  expect(compared.every(isSame)).toBe(true);
});

test('a namespace has no spec, and is the same as one', () => {
  const shop: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const captured = { about: { ...bundle.about, seen: [] }, objects: [shop] };
  expect(compare(captured, { objects: [{ ...shop, spec: {} }], seen: [] }).every(isSame)).toBe(true);
});

test('what a cluster adds by default is no difference', () => {
  expect(now({ objects: changed({ sessionAffinity: 'None' }) }).every(isSame)).toBe(true);
});

test('an object that differs says where, and one that is missing that it is', () => {
  expect(now({ objects: changed({ ports: [{ port: 81, targetPort: 8080 }] }) }).at(-1)?.now).toBe(
    'differs at spec.ports[0].port',
  );
  expect(now({ objects: changed({ ports: [] }) }).at(-1)?.now).toBe('differs at spec.ports');
  expect(now({ objects: [] }).at(-1)).toEqual({ what: 'object Service shop/web', captured: 'there', now: null });
});

test('what is otherwise than it was seen, or not seen any more, is a difference', () => {
  expect(now({ seen: [{ what: 'Endpoints shop/web', saw: '0 of 1 ready' }] })[0]).toMatchObject({
    now: '0 of 1 ready',
  });
  expect(now({ seen: [] })[0]).toMatchObject({ captured: '1 of 1 ready', now: null });
});

test('images and commands are not compared: they were replaced', () => {
  const of = (name: string): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas: 1, template: { spec: { nodeName: 'server-0', containers: [{ name }] } } },
  });
  const captured = { about: { ...bundle.about, seen: [] }, objects: [of('theirs')] };
  expect(compare(captured, { objects: [of('userlist-80')], seen: [] }).every(isSame)).toBe(true);
});
