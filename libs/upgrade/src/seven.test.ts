import { expect, test } from 'vitest';
import type { Reply } from './assertion.ts';
import { predict } from './predict.ts';
import { seven } from './seven.ts';

const reply = (status: number, more: Partial<Reply> = {}): Reply => ({
  status,
  headers: {},
  body: '',
  error: '',
  ...more,
});

const assertion = (name: string) => {
  const [found] = seven('userlist:1').find((one) => one.name === name)?.assertions ?? [];
  if (!found) throw new Error(`no assertion of ${name}`);
  return found;
};

test('there are seven, and lint finds nothing in their objects', () => {
  expect(seven('userlist:1')).toHaveLength(7);
  expect(predict(seven('userlist:1'), 'v1.32.1+k3s1', 'v1.33.3+k3s1')).toEqual([]);
});

test('each expects of the old and of the new Traefik the same', () => {
  for (const { assertions } of seven('userlist:1'))
    for (const { expected } of assertions) expect(expected?.from).toBe(expected?.to);
});

test('affinity is one pod in five answers, each of them good', () => {
  const { saw, requests, expected } = assertion('seven/affinity');
  const from = (pod: string) => reply(200, { headers: { 'x-answered-by': pod } });
  expect(requests).toHaveLength(5);
  expect(saw([from('a'), from('a'), from('a')])).toBe(expected?.from);
  expect(saw([from('a'), from('b'), from('a')])).toBe('200 from several pods');
  expect(saw([from('a'), reply(502)])).toBe('502');
});

test('a rewrite is what the upstream saw, and a 404 on the way is no rewrite', () => {
  const { saw, expected } = assertion('seven/rewrite');
  expect(saw([reply(200, { body: '{"path":"/users","host":"x"}' })])).toBe(expected?.from);
  expect(saw([reply(200, { body: '{"path":"/api/users","host":"x"}' })])).toBe('200 as /api/users');
  expect(saw([reply(404)])).toBe('404');
});

test('a redirect is its status and where it leads', () => {
  const { saw, expected } = assertion('seven/308');
  expect(saw([reply(308, { headers: { location: 'https://secure.seven.test/users' } })])).toBe(expected?.from);
  expect(saw([reply(0, { error: 'refused' })])).toBe('no answer: refused');
});
