import { expect, test } from 'vitest';
import { targetOf } from './target.ts';

test.each([
  ['../image/own.ts', { kind: 'file', path: 'libs/cluster/src/image/own.ts' }],
  ['node:fs/promises', { kind: 'node', name: 'node:fs/promises' }],
  ['fs', { kind: 'package', name: 'fs' }],
  ['execa', { kind: 'package', name: 'execa' }],
  ['@kubernetes/client-node/dist/x.js', { kind: 'package', name: '@kubernetes/client-node' }],
  ['@faultline/fault', { kind: 'lib', lib: 'fault', entry: '.', name: '@faultline/fault' }],
  ['@faultline/fault/plan', { kind: 'lib', lib: 'fault', entry: './plan', name: '@faultline/fault' }],
  ['@faultline/fault/src/a.ts', { kind: 'lib', lib: 'fault', entry: './src/a.ts', name: '@faultline/fault' }],
])('%s', (specifier, target) => {
  expect(targetOf('libs/cluster/src/k3s/boot.ts', specifier)).toEqual(target);
});
