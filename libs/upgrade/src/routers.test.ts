import { expect, test } from 'vitest';
import { compareRouters } from './routers.ts';

const router = { rule: 'Host(`a.test`)', entryPoints: ['web', 'websecure'], service: 'a', status: 'enabled' };

test('the same objects that come to the same routers differ in nothing, whatever priorities and addresses they have', () => {
  const old = { routers: { 'a@kubernetescrd': { ...router, priority: 14 } } };
  const beside = { routers: { 'a@kubernetescrd': { ...router, entryPoints: ['websecure', 'web'], priority: 90 } } };
  expect(compareRouters(old, beside)).toEqual({ old: 1, beside: 1, differs: [] });
});

test('a router that the new Traefik disables is said with its error', () => {
  const error = ['unexpected number of parameters; got 2, expected one of [1]'];
  const beside = { routers: { 'a@kubernetescrd': { ...router, status: 'disabled', error } } };
  const { differs } = compareRouters({ routers: { 'a@kubernetescrd': router } }, beside);
  expect(differs).toHaveLength(1);
  expect(differs[0]).toMatch(/^~ router a@kubernetescrd: .*enabled → .*disabled; unexpected number/);
});

test('what only one of both has is marked by whose it is, and what is internal is left out', () => {
  const old = { routers: { 'a@kubernetescrd': router, 'api@internal': router }, services: { 'gone@kubernetes': {} } };
  const beside = {
    routers: { 'a@kubernetescrd': router },
    middlewares: { 'new@kubernetescrd': { status: 'enabled' } },
  };
  expect(compareRouters(old, beside).differs).toEqual([
    '+ middleware new@kubernetescrd: enabled',
    '- service gone@kubernetes: ',
  ]);
});
