import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsed } from './ask.ts';
import { catchAllCases, ingressCases } from './conformance.ts';
import { casesOf, expectedOf, sawOf } from './expected.ts';
import { answeredBy } from './ingress.ts';
import { readRows } from './row.ts';

const reply = { status: 200, headers: { 'feature-policy': "camera 'none'" }, body: 'one two', error: '' };
const shows = { header: 'Feature-Policy', v2: true, v3: false };
const request = { host: 'a.test', path: '/', v2: 200, v3: 200 };

test('an answer is its status, and whether it shows what is looked for', () => {
  expect(sawOf(reply, request)).toBe('200');
  expect(sawOf(reply, { ...request, shows })).toBe('200 with Feature-Policy');
  expect(sawOf(reply, { ...request, shows: { word: 'three', v2: true, v3: true } })).toBe('200 without three');
  expect(sawOf({ ...reply, status: 0 }, request)).toBe('no answer');
});

test('what is expected is put in the same words, and one release may differ from its generation', () => {
  const on = { 'v1.35.1+k3s1': 404 };
  const of = (k3s: string) => expectedOf({ ...request, shows, on }, k3s);
  expect([of('v1.32.1+k3s1'), of('v1.33.3+k3s1'), of('v1.35.1+k3s1')]).toEqual([
    '200 with Feature-Policy',
    '200 without Feature-Policy',
    '404 without Feature-Policy',
  ]);
  expect(expectedOf({ ...request, v2: 0 }, 'v1.32.1+k3s1')).toBe('no answer');
});

test('what curl prints is read: names in lower case, a body that may hold empty lines', () => {
  const text = 'HTTP/1.1 200 OK\r\nX-Answered-By: back-two-5f-x@server-0\r\n\r\none\r\n\r\ntwo';
  const found = parsed(text);
  expect(found).toEqual({
    status: 200,
    headers: { 'x-answered-by': 'back-two-5f-x@server-0' },
    body: 'one\r\n\r\ntwo',
    error: '',
  });
  expect(answeredBy(found)).toBe('two');
  expect(answeredBy({ ...found, headers: {} })).toBe('nobody');
});

test('rows of objects are cases of an upgrade; names are unique, and so are hosts', async () => {
  const rows = await readRows(join(import.meta.dirname, '../../../traefik/corpus'));
  const cases = casesOf(rows, { from: 'v1.32.1+k3s1', to: 'v1.33.3+k3s1' });
  expect(cases.length).toBeGreaterThan(30);
  const three = cases.find(({ name }) => name === 'G03-host-of-several-values');
  expect(three?.assertions.map(({ expected }) => expected)).toEqual([
    { from: '200', to: '404' },
    { from: '200', to: '404' },
  ]);
  const kinds = Object.groupBy(rows, ({ kind }) => kind);
  expect({ values: kinds.values?.length, definitions: kinds.definitions?.length }).toEqual({
    values: 18,
    definitions: 1,
  });
});

test('scenarios of the specification have names of their own, and ask nothing twice', () => {
  const all = [...ingressCases, ...catchAllCases];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { assertions } of all) {
    const questions = assertions.map(({ what }) => what);
    expect(new Set(questions).size).toBe(questions.length);
  }
});
