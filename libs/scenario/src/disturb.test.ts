/** What becomes of a schedule when it is carried out, with sessions and clusters that only remember what was asked of them. */
import type { ClusterNode } from '@faultline/cluster';
import type { FaultSession } from '@faultline/fault';
import { memoryHistory } from '@faultline/history';
import { expect, test } from 'vitest';
import { disturb } from './disturb.ts';
import type { RunPlan } from './plan-run.ts';
import type { RunOptions, Stage } from './stage.ts';
import type { PlannedFault } from './schedule.ts';
import type { SteadyGate } from './steady.ts';

const fault = (index: number, afterMs: number, lastingMs: number, more: Partial<PlannedFault> = {}): PlannedFault => ({
  id: `fault-${index}`,
  kind: 'node-pause',
  parameters: {},
  target: { select: 'agent', index: index % 2 },
  afterMs,
  lastingMs,
  heal: true,
  untilRecovered: false,
  ...more,
});

/** @param refused ids of faults that cannot be injected. @returns what was done, in order; how it ended is the caller's. */
function rig(faults: readonly PlannedFault[], refused: readonly string[] = []) {
  const did: string[] = [];
  const lasting = new Map<string, number>();
  const nodes = ['agent-0', 'agent-1'].map((name) => ({ name }) as ClusterNode);
  const session = {
    inject: async (plan: PlannedFault, on: readonly ClusterNode[]) => {
      if (refused.includes(plan.id)) throw new Error(`${plan.id} cannot be`);
      did.push(`inject ${plan.id} ${on.map(({ name }) => name).join()}`);
      lasting.set(plan.id, plan.lastingMs);
      return { prove: async () => did.push(`prove ${plan.id}`), heal: async () => did.push(`heal ${plan.id}`) };
    },
  } as unknown as FaultSession;
  const gate = { recovered: async () => void did.push('recovered') } as unknown as SteadyGate;
  const cluster = { nodes, balancers: [], revive: async (name: string) => did.push(`revive ${name}`) };
  const history = memoryHistory();
  const options = { history, signal: new AbortController().signal } as unknown as RunOptions;
  const run = () =>
    disturb(
      { faults } as unknown as RunPlan,
      { cluster } as unknown as Stage,
      { session, gate, sweeper: undefined },
      options,
    );
  return { did, lasting, run, history };
}

test('one inside another: each is proved at its end, and the last one in is healed first', async () => {
  const { did, run } = rig([fault(0, 0, 60), fault(1, 20, 40)]);
  const { struck } = await run();
  expect(did).toEqual([
    'inject fault-0 agent-0',
    'inject fault-1 agent-1',
    'prove fault-1',
    'heal fault-1',
    'prove fault-0',
    'heal fault-0',
  ]);
  expect(struck.map((one) => one.fault.id)).toEqual(['fault-0', 'fault-1']);
});

test('one after the other: a machine that was killed is whole again before the next is struck', async () => {
  const { did, run } = rig([fault(0, 0, 10, { kind: 'node-kill' }), fault(1, 30, 10, { kind: 'node-kill' })]);
  const { dead } = await run();
  expect(did.slice(2, 5)).toEqual(['heal fault-0', 'revive agent-0', 'inject fault-1 agent-1']);
  // The last one is left to whoever settles.
  expect(dead.map(({ name }) => name)).toEqual(['agent-1']);
});

test('what is not healed is there for as long as anything is, and is only proved', async () => {
  const { did, lasting, run } = rig([fault(0, 0, 10, { heal: false }), fault(1, 20, 30)]);
  await run();
  expect(did).toEqual([
    'inject fault-0 agent-0',
    'prove fault-0',
    'inject fault-1 agent-1',
    'prove fault-1',
    'heal fault-1',
  ]);
  expect([...lasting]).toEqual([
    ['fault-0', 50],
    ['fault-1', 30],
  ]);
});

test('until recovered: the innermost ends when clients have recovered, and the outer one goes on', async () => {
  const { did, run } = rig([fault(0, 0, 60), fault(1, 10, 50, { untilRecovered: true })]);
  await run();
  expect(did.slice(2)).toEqual(['recovered', 'prove fault-1', 'heal fault-1', 'prove fault-0', 'heal fault-0']);
});

test('where one cannot be injected nothing else is begun, and the error is told: the session heals what is in force', async () => {
  const { did, run } = rig([fault(0, 0, 90), fault(1, 10, 40), fault(2, 20, 10)], ['fault-1']);
  await expect(run()).rejects.toThrow('fault-1 cannot be');
  expect(did).toEqual(['inject fault-0 agent-0']);
});

test('every target is resolved when its fault is injected, and named', async () => {
  const { run, history } = rig([fault(0, 0, 5), fault(1, 10, 5)]);
  await run();
  const targets = history.events.filter(({ type }) => type === 'target');
  expect(targets).toMatchObject([
    { fault: 'fault-0', selector: 'agent(0)', nodes: ['agent-0'] },
    { fault: 'fault-1', selector: 'agent(1)', nodes: ['agent-1'] },
  ]);
});
