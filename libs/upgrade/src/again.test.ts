import { expect, test } from 'vitest';
import { notAgain, type PodSeen } from './again.ts';

const BEGUN = Date.parse('2026-11-22T03:00:10.700Z');
const since = new Map([['agent-1', BEGUN]]);

const pod = (
  startedAt: string | undefined,
  change: { ready?: boolean; node?: string; owner?: string } = {},
): PodSeen => ({
  metadata: { name: 'echo', ownerReferences: [{ kind: change.owner ?? 'ReplicaSet' }] },
  spec: { nodeName: change.node ?? 'agent-1' },
  status: {
    containerStatuses: [
      { ready: change.ready ?? true, state: startedAt === undefined ? {} : { running: { startedAt } } },
    ],
  },
});

test.each([
  ['began before its node was replaced: its kubelet has not spoken since', pod('2026-11-22T02:50:00Z'), ['echo']],
  ['began since', pod('2026-11-22T03:00:25Z'), []],
  ['began in the second of the replacement', pod('2026-11-22T03:00:10Z'), []],
  ['began since, and is not ready', pod('2026-11-22T03:00:25Z', { ready: false }), ['echo']],
  ['does not run', pod(undefined), ['echo']],
  ['has no containers yet', { ...pod(undefined), status: {} }, ['echo']],
  ['is on a node that was left alone', pod('2026-11-22T02:50:00Z', { node: 'agent-0' }), []],
  ['is of a job, and ends', pod(undefined, { owner: 'Job' }), []],
])('a pod that %s', (_, one, missing) => {
  expect(notAgain([one], since)).toEqual(missing);
});
