import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ownImages, TOOLS, toolsImage, userlistImage } from './own.ts';

const app = { 'main.ts': 'serve()', 'users.ts': 'export const users = []' };

test('a name says what the image is, and which one', () => {
  expect(ownImages(app)).toEqual({
    tools: expect.stringMatching(/^faultline\/tools:[0-9a-f]{12}$/),
    userlist: expect.stringMatching(/^faultline\/userlist:[0-9a-f]{12}$/),
  });
});

test('the same sources have the same name, in whatever order they were read', () => {
  expect(userlistImage({ 'users.ts': app['users.ts'], 'main.ts': app['main.ts'] })).toBe(userlistImage(app));
});

test.each([
  ['another line', { ...app, 'main.ts': 'serve(8181)' }],
  ['another file', { ...app, 'new.ts': '' }],
  ['another file name', { 'server.ts': app['main.ts'], 'users.ts': app['users.ts'] }],
])('%s is another userlist', (_, changed) => {
  expect(userlistImage(changed)).not.toBe(userlistImage(app));
});

test('a change of the app leaves the tools alone', () => {
  expect(ownImages({}).tools).toBe(toolsImage());
});

test('the Node in the images is the Node that package.json pins', () => {
  const { optionalDependencies } = JSON.parse(
    readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
  ) as {
    optionalDependencies: Record<string, string>;
  };
  expect(new Set(Object.values(optionalDependencies))).toEqual(new Set([TOOLS.node]));
});
