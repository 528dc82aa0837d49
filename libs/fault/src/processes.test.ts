import { expect, test } from 'vitest';
import { named, parseProcesses } from './processes.ts';

/** As `ps` of procps 4 prints it. */
const PRINTED = `      1 4026532500      81 Ss   tini
     17 4026532500       3 Sl   kube-vip
     18 4026532501       3 S    containerd-shim
     19          -       3 Z    speaker <defunct>
     20 4026532501       3 S    Web Content
`;

test('each line is a process, whatever its name; one that has ended is none', () => {
  expect(parseProcesses(PRINTED)).toEqual([
    { pid: 1, namespace: '4026532500', age: 81, name: 'tini' },
    { pid: 17, namespace: '4026532500', age: 3, name: 'kube-vip' },
    { pid: 18, namespace: '4026532501', age: 3, name: 'containerd-shim' },
    { pid: 20, namespace: '4026532501', age: 3, name: 'Web Content' },
  ]);
});

test('a name is met exactly, as far as the kernel keeps it', () => {
  const pids = (name: string) => named(parseProcesses(PRINTED), name).map(({ pid }) => pid);
  expect(pids('kube-vip')).toEqual([17]);
  expect(pids('kube')).toEqual([]);
  expect(pids('containerd-shim-runc-v2')).toEqual([18]);
  expect(pids('containerd')).toEqual([]);
});
