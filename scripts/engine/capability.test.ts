import { expect, test } from 'vitest';
import { boundsHoldSysResource } from './capability.ts';

test('an ordinary root has CAP_SYS_RESOURCE', () => {
  expect(boundsHoldSysResource('CapEff:\t0\nCapBnd:\t000001ffffffffff\nCapAmb:\t0\n')).toBe(true);
});

test('a micro-VM may lack bit 24', () => {
  expect(boundsHoldSysResource('CapBnd:\t000001fffeffffff\n')).toBe(false);
});

test('a status without bounds is an error, not a guess', () => {
  expect(() => boundsHoldSysResource('Name:\tnode\n')).toThrow('CapBnd');
});
