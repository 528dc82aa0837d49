import { expect, test } from 'vitest';
import { componentReady, type ComponentState } from './load-balancer.ts';

const states = (...all: readonly ComponentState[]) => new Map(all.map((one) => [one.name, one]));

test('a DaemonSet is ready when it is on every node, however many of them it knows of', () => {
  const judge = componentReady({ kind: 'DaemonSet', name: 'speaker' }, 3);
  const two = { name: 'speaker', ready: 2 };
  expect(judge(states(two), two)).toEqual({ done: false, saw: '2 of 3 pods of speaker are ready' });
  const three = { name: 'speaker', ready: 3 };
  expect(judge(states(three), three)).toMatchObject({ done: true });
});

test('a Deployment is ready with one pod, and another of the same namespace does not count', () => {
  const judge = componentReady({ kind: 'Deployment', name: 'controller' }, 3);
  const other = { name: 'coredns', ready: 1 };
  expect(judge(states(other), other)).toMatchObject({ done: false });
  const one = { name: 'controller', ready: 1 };
  expect(judge(states(other, one), one)).toMatchObject({ done: true });
});
