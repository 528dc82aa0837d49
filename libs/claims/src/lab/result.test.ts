import { expect, test } from 'vitest';
import { labSection } from '../page-besides.ts';
import { labFile, parseLab, type LabResult, type LabStep } from './result.ts';

const step = (change: Partial<LabStep>): LabStep => ({
  step: 'by port 80',
  says: 'it answers',
  holds: true,
  saw: '200',
  ms: 1,
  ...change,
});
const lab = (nodes: number, ...steps: readonly LabStep[]): LabResult => ({
  version: 1,
  nodes,
  release: 'v1.33.3+k3s1',
  run: 'a',
  at: '2026-11-22T00:00:00Z',
  steps,
});

test('a step that came out otherwise, or was not done, is told so, beside the other lab', () => {
  const text = labSection([
    lab(1, step({}), step({ step: 'clean up' })),
    lab(3, step({ holds: false, saw: 'a | b <c>' })),
  ]).join('\n');
  expect(text).toContain(String.raw`| by port 80 | it answers | so: 200 | **otherwise**: a \| b \<c\> |`);
  expect(text).toContain('| clean up | it answers | so: 200 | not done |');
  expect(labSection([])).toEqual([]);
});

test('a lab has a file of its own, and what is none is refused', () => {
  expect([lab(1), lab(3)].map(labFile)).toEqual(['lab-1-node-v1.33.3+k3s1.json', 'lab-3-nodes-v1.33.3+k3s1.json']);
  expect(parseLab(JSON.stringify(lab(1)), 'x.json')).toEqual(lab(1));
  expect(() => parseLab('{}', 'x.json')).toThrow('x.json: no lab. Allowed: what faultline claims --lab wrote');
});
