import { expect, test } from 'vitest';
import { compare, headersOf, target, trialOf } from './rule-trial.ts';

const trials = Array.from({ length: 30 }, (_, seed) => trialOf(seed, 20));
const all = trials.flatMap(({ requests }) => requests);
const right: Readonly<Record<'v2' | 'v3', readonly number[]>> = {
  v2: all.map(({ accepts }) => (accepts.v2 ? 200 : 404)),
  v3: all.map(({ accepts }) => (accepts.v3 ? 200 : 404)),
};

test('Traefiks that answer as their grammars say do not disagree', () => {
  const { disagreements, rules, requests, leftOut, accepted } = compare(trials, right);
  expect(disagreements).toEqual([]);
  const left = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
  expect({ rules, all: requests + left }).toEqual({ rules: 30, all: 600 });
  expect(accepted.v2).toBe(accepted.v3);
});

test('one that answers otherwise is found out, and one that does not answer too', () => {
  const at = all.findIndex(({ leftOut, accepts }) => leftOut === undefined && accepts.v3);
  const with_ = (status: number) => compare(trials, { ...right, v3: right.v3.with(at, status) }).disagreements;
  expect(with_(404).map(({ between }) => between)).toEqual(['v2 and v3', 'v3 and its grammar']);
  expect(with_(405).map(({ between }) => between)).toEqual(['v2 and v3', 'v3 and its grammar']);
  expect(with_(0).map(({ between }) => between)).toEqual(['no verdict']);
  expect(with_(502).map(({ between }) => between)).toEqual(['no verdict']);
});

test('a request is sent as the grammars were asked: decoded again, it is the same', () => {
  const request = { host: 'a.test:80', path: '/a b/ä', query: [['q', 'x y'] as const], headers: { 'X-A': ['1', '2'] } };
  expect(target(request)).toBe('/a%20b/%C3%A4?q=x%20y');
  expect(headersOf(request)).toEqual(['Host', 'a.test:80', 'X-A', '1', 'X-A', '2', 'Connection', 'close']);
});
