import { expect, test } from 'vitest';
import { withRuntime } from './daemon-json.ts';

const merged = (text: string | undefined): unknown => JSON.parse(withRuntime(text, 'faultline', '/opt/wrapper'));

test('without a file, there is our runtime and nothing else', () => {
  expect(merged(undefined)).toEqual({
    runtimes: { faultline: { path: '/opt/wrapper' } },
    'default-runtime': 'faultline',
  });
});

test('what stands in the file stays', () => {
  expect(merged('{"registry-mirrors":["http://m"],"runtimes":{"kata":{"path":"/k"}}}')).toEqual({
    'registry-mirrors': ['http://m'],
    runtimes: { kata: { path: '/k' }, faultline: { path: '/opt/wrapper' } },
    'default-runtime': 'faultline',
  });
});

test('adding it twice changes nothing', () => {
  const once = withRuntime(undefined, 'faultline', '/opt/wrapper');
  expect(withRuntime(once, 'faultline', '/opt/wrapper')).toBe(once);
});

test("somebody else's default runtime is not overruled", () => {
  expect(() => withRuntime('{"default-runtime":"nvidia"}', 'faultline', '/opt/wrapper')).toThrow('already "nvidia"');
});

test.each(['{', '[]', 'null', '{"runtimes":[]}'])('%s is refused by name of the file', (text) => {
  expect(() => withRuntime(text, 'faultline', '/opt/wrapper')).toThrow('/etc/docker/daemon.json');
});
