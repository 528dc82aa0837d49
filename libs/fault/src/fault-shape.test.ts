import { expect, test } from 'vitest';
import { shapeProblems } from './fault-shape.ts';

const fault = {
  id: 'fault-0',
  kind: 'node-kill',
  parameters: {},
  target: { select: 'agent', index: 0 },
  afterMs: 0,
  lastingMs: 1,
};

test('a fault has the shape of one', () => {
  expect(shapeProblems(fault)).toEqual([]);
  expect(shapeProblems({ ...fault, target: { select: 'named', names: ['agent-0'] } })).toEqual([]);
});

test.for([
  [null, 'null is none'],
  [[fault], 'a list is none'],
  [{ ...fault, kind: 10n }, 'kind is a bigint: allowed is a text'],
  [{ ...fault, parameters: undefined }, 'parameters is undefined'],
  [{ ...fault, parameters: { port: { toString: () => '1' } } }, 'parameter port is an object'],
  [{ ...fault, target: { select: 'agent' } }, 'target is an object: allowed is e.g.'],
  [{ ...fault, target: { select: 'announcer', index: 1 } }, 'target is an object'],
  [{ ...fault, target: { select: 'named', names: [] } }, 'target is an object'],
  [{ ...fault, lastingMs: '30s' }, 'lastingMs is "30s": allowed is a number of milliseconds'],
] as const)('%o is refused, and why', ([wrong, reason]) => {
  expect(shapeProblems(wrong).join()).toContain(reason);
});
