import { expect, test } from 'vitest';
import { advice, canInstall, isDebianLike, type Host } from './advice.ts';

const debian: Host = { platform: 'linux', isRoot: true, isDebian: true, hasSocket: false };

test('root on Debian needs no advice', () => {
  expect(canInstall(debian)).toBe(true);
});

test.each([
  ['not root', { isRoot: false }, 'sudo env'],
  ['not root, the engine runs', { isRoot: false, hasSocket: true }, 'usermod -aG docker'],
  ['not Debian', { isDebian: false }, 'package manager'],
  ['neither', { isDebian: false, isRoot: false }, 'group docker'],
  ['a Mac', { platform: 'darwin', isRoot: false, isDebian: false }, 'colima start'],
  ['Windows', { platform: 'win32', isRoot: false, isDebian: false }, 'Linux virtual machine'],
] as const)('%s: nothing is installed, and the next command is named', (_, difference, expected) => {
  const host = { ...debian, ...difference };
  expect(canInstall(host)).toBe(false);
  expect(advice(host)).toContain(expected);
});

test.each([
  ['ID=debian', true],
  ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian', true],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"', true],
  ['ID=fedora', false],
  ['ID=arch\nHOME_URL="https://debian.org"', false],
])('%j is like Debian: %s', (text, expected) => {
  expect(isDebianLike(text)).toBe(expected);
});
