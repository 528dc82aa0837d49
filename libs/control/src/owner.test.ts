import { execa } from 'execa';
import { expect, test } from 'vitest';
import { isAlive, labelsOf, ownerOf, thisProcess } from './owner.ts';

test('this process is alive', () => {
  expect(isAlive(thisProcess())).toBe(true);
});

test('an owner survives the way through labels', () => {
  const owner = thisProcess();
  expect(ownerOf(labelsOf('run-1', owner, { expires: 0 }))).toEqual(owner);
});

test('a pid that another process has taken over is not its owner', () => {
  expect(isAlive({ ...thisProcess(), started: '1' })).toBe(false);
});

test('nothing of an earlier boot is alive', () => {
  expect(isAlive({ ...thisProcess(), boot: 'another' })).toBe(false);
});

test('a process that ended is not alive', async () => {
  const child = execa('cat');
  const ended = { ...thisProcess(), pid: child.pid ?? 0 };
  child.kill('SIGKILL');
  await child.catch(() => {});
  expect(isAlive(ended)).toBe(false);
});

test('labels that are not ours have no owner', () => {
  expect(ownerOf({ 'com.example.app': 'x' })).toBeUndefined();
});
