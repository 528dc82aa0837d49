import { expect, test } from 'vitest';
import { haproxyConfig } from './haproxy.ts';

const pod = (index: number) => ({
  name: `userlist-${index}`,
  address: `10.42.${index}.10`,
  node: 'n',
  netns: '',
  env: {},
  argv: [],
});
const config = haproxyConfig({ app: 'faultline/userlist:1', replicas: 2, host: 'shop.test', place: 'spread' }, [
  pod(0),
  pod(1),
]);

test('only the host is let in', () => {
  expect(config).toMatch(/status 404 .* unless \{ req\.hdr\(host\),host_only -i shop\.test \}/);
});

test('every pod is a server, checked twice a second', () => {
  expect(config.match(/^ {2}server .*$/gm)).toEqual([
    '  server userlist-0 10.42.0.10:8181',
    '  server userlist-1 10.42.1.10:8181',
  ]);
  expect(config).toContain('default-server check inter 500ms fall 2 rise 1');
});

test('a pod that does not answer costs a tenth of a second', () => {
  expect(config).toContain('timeout connect 100ms');
  expect(config).toContain('option redispatch 1');
});

test('a line of a stream is passed on when it comes', () => {
  expect(config).toContain('option http-no-delay');
});
