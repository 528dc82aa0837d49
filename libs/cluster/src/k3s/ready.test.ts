import type { V1Node } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { allReady, readySince, stateOf, type NodeState } from './ready.ts';

const state = (name: string, change: Partial<NodeState> = {}): NodeState => ({
  name,
  ready: true,
  reason: 'kubelet is posting ready status',
  heartbeat: '2026-11-21T12:00:00.000Z',
  podSubnet: '10.42.0.0/24',
  k3s: 'v1.33.3+k3s1',
  runtime: 'containerd://2.0.5-k3s2',
  ...change,
});

const nodes = (...states: readonly NodeState[]) => new Map(states.map((one) => [one.name, one]));

test('what matters of a Node is read from it', () => {
  const node = {
    metadata: { name: 'agent-0' },
    spec: { podCIDR: '10.42.1.0/24' },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          message: 'cni plugin not initialized',
          lastHeartbeatTime: '2026-11-21T12:00:00Z' as unknown as Date,
        },
      ],
      nodeInfo: { kubeletVersion: 'v1.33.3+k3s1', containerRuntimeVersion: 'containerd://2.0.5-k3s2' },
    },
  } as unknown as V1Node;
  expect(stateOf(node)).toEqual({
    name: 'agent-0',
    ready: false,
    reason: 'cni plugin not initialized',
    heartbeat: '2026-11-21T12:00:00Z',
    podSubnet: '10.42.1.0/24',
    k3s: 'v1.33.3+k3s1',
    runtime: 'containerd://2.0.5-k3s2',
  });
});

test('a Node that was only just made is not ready, and has a reason', () => {
  expect(stateOf({ metadata: { name: 'agent-0' } })).toMatchObject({
    ready: false,
    reason: 'kubelet has not said anything yet',
  });
});

test('all are ready when every planned one is, in the order of the plan', () => {
  const judge = allReady(['server-0', 'agent-0'], () => {});
  const [server, agent] = [state('server-0'), state('agent-0')];
  expect(judge(nodes(server), server)).toEqual({ done: false, saw: 'agent-0 not registered' });
  const late = state('agent-0', { ready: false, reason: 'no CNI' });
  expect(judge(nodes(server, late), late)).toEqual({ done: false, saw: 'agent-0 not ready: no CNI' });
  expect(judge(nodes(agent, server), agent)).toEqual({ done: true, value: [server, agent] });
});

test('each step of each node is told once', () => {
  const told: string[] = [];
  const judge = allReady(['server-0'], (step, { name }) => told.push(`${step} ${name}`));
  const late = state('server-0', { ready: false });
  for (const one of [late, late, state('server-0'), late, state('server-0')]) judge(nodes(one), one);
  expect(told).toEqual(['registered server-0', 'ready server-0']);
});

test.each([
  ['before its start', '2026-11-21T11:59:59Z', {}, false],
  ['in the second of its start', '2026-11-21T12:00:00Z', {}, false],
  ['after its start', '2026-11-21T12:00:01Z', {}, true],
  ['after its start, but not ready', '2026-11-21T12:00:05Z', { ready: false }, false],
])('a node that was last heard of %s: up: %4$s', (_, heartbeat, change, up) => {
  const judge = readySince('agent-0', '2026-11-21T12:00:00.734512Z');
  const seen = state('agent-0', { heartbeat, ...change });
  expect(judge(nodes(seen), seen).done).toBe(up);
});
