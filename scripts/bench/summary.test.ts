import { expect, test } from 'vitest';
import { rowsOf, text } from './summary.ts';

const run = (ready: number, answered: number) =>
  new Map([
    ['first-200', answered],
    ['nodes-ready', ready],
  ]);

test('stages stand in the order in which they are reached', () => {
  expect(rowsOf([run(15, 38)]).map(({ stage }) => stage)).toEqual(['nodes-ready', 'first-200']);
});

test('what has another zero stands last', () => {
  const times = new Map([['(taken down in)', 1], ...run(15, 38)]);
  expect(rowsOf([times]).map(({ stage }) => stage)).toEqual(['nodes-ready', 'first-200', '(taken down in)']);
});

test('an odd number of runs has one in the middle', () => {
  expect(rowsOf([run(19, 40), run(15, 38), run(16, 90)])[0]).toEqual({
    stage: 'nodes-ready',
    median: 16,
    least: 15,
    most: 19,
    runs: 3,
  });
});

test('an even number of runs has two', () => {
  expect(rowsOf([run(15, 38), run(18, 40)])[0]?.median).toBe(16.5);
});

test('a stage that one run did not reach counts the runs that did', () => {
  expect(rowsOf([run(15, 38), new Map([['nodes-ready', 16]])]).map(({ runs }) => runs)).toEqual([2, 1]);
});

test('columns are aligned', () => {
  const widths = text('k3s', rowsOf([run(15, 138)]))
    .split('\n')
    .map((line) => line.length);
  expect(new Set(widths).size).toBe(1);
});
