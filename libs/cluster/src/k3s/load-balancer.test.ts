import { expect, test } from 'vitest';
import { componentReady, podBack, type ComponentState, type PodState } from './load-balancer.ts';

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

const pod = (change: Partial<PodState> = {}): PodState => ({
  name: 'speaker-x2x4z',
  owner: 'speaker',
  node: 'agent-0',
  ready: true,
  started: '2026-11-21T12:00:07Z',
  ...change,
});

test.each([
  ['since the start of its node', {}, true],
  ['from before the start of its node', { started: '2026-11-21T11:58:00Z' }, false],
  ['that is not ready', { ready: false }, false],
  ['on another node', { node: 'agent-1' }, false],
  ['of another component', { owner: 'svclb-traefik' }, false],
])('a pod %s is back: %3$s', (_, change, back) => {
  const seen = pod(change);
  const judge = podBack('speaker', 'agent-0', '2026-11-21T12:00:00.734512Z');
  expect(judge(new Map([[seen.name, seen]]), seen).done).toBe(back);
});
