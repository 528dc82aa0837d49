import { expect, test } from 'vitest';
import type { KubernetesObject } from '../load-balancer/load-balancer.ts';
import { applyAll } from './apply.ts';
import type { Reply } from './https.ts';

const pool: KubernetesObject = {
  apiVersion: 'metallb.io/v1beta1',
  kind: 'IPAddressPool',
  metadata: { name: 'faultline', namespace: 'metallb-system' },
};
const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'metallb-system' } };

const kinds = (...resources: readonly object[]): Reply => ({ status: 200, body: JSON.stringify({ resources }) });
const GROUPS: Readonly<Record<string, Reply>> = {
  '/api/v1': kinds(
    { name: 'namespaces/status', kind: 'Namespace', namespaced: false },
    { name: 'namespaces', kind: 'Namespace', namespaced: false },
  ),
  '/apis/metallb.io/v1beta1': kinds({ name: 'ipaddresspools', kind: 'IPAddressPool', namespaced: true }),
};

/** An API that answers a patch by what is told of it: the n-th time the n-th, then the last. */
function fakeApi(answers: readonly Reply[], groups: typeof GROUPS = GROUPS) {
  const asked: string[] = [];
  const wire = {
    get: (url: string) => Promise.resolve(groups[url.slice('https://api'.length)] ?? { status: 404, body: '' }),
    patch(url: string) {
      asked.push(new URL(url).pathname);
      return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? { status: 200, body: '' });
    },
  };
  const options = { url: 'https://api', credentials: { ca: '', cert: '', key: '' } };
  return { asked, options: { ...options, signal: new AbortController().signal, wire, withinMs: 2_000 } };
}

const taken: Reply = { status: 201, body: '{}' };
const refused: Reply = { status: 500, body: '{"message":"failed calling webhook: connection refused"}' };

test('each object is applied once, in order, where the API says that its kind is', async () => {
  const { asked, options } = fakeApi([taken]);
  await applyAll([namespace, pool], options);
  expect(asked).toEqual([
    '/api/v1/namespaces/metallb-system',
    '/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/faultline',
  ]);
});

test('what a webhook refuses is tried again, and what was taken is not', async () => {
  const { asked, options } = fakeApi([taken, refused, taken]);
  await applyAll([namespace, pool], options);
  expect(asked.map((path) => path.split('/').at(-1))).toEqual(['metallb-system', 'faultline', 'faultline']);
});

test('at the deadline it says what was last refused, and why', async () => {
  const { options } = fakeApi([taken, refused]);
  await expect(applyAll([namespace, pool], { ...options, withinMs: 300 })).rejects.toThrow(
    /2 objects: not within 0.3 s .*IPAddressPool faultline: failed calling webhook: connection refused/,
  );
});

test('a kind that the API does not know yet is named', async () => {
  const { options } = fakeApi([taken], {});
  await expect(applyAll([pool], { ...options, withinMs: 300 })).rejects.toThrow(
    'the API does not know metallb.io/v1beta1 IPAddressPool',
  );
});
