import type { Engine } from '@faultline/control';
import { expect, test } from 'vitest';
import type { Intent } from '../ledger/entry.ts';
import { undoAll } from './undo-all.ts';

const intent = (fault: string, node: string, kind = 'link-down'): Intent => ({
  type: 'intent',
  fault,
  kind,
  parameters: {},
  node,
  container: 'a'.repeat(64),
  side: 'b'.repeat(64),
  expires: 1,
});

/** @param answers by fault and node: one after the other, the last again and again; an Error is thrown. */
async function undone(intents: readonly Intent[], answers: Readonly<Record<string, readonly (string | Error)[]>>) {
  const asked: string[] = [];
  const told: string[] = [];
  let atWork = 0;
  let most = 0;
  const world = {
    engine: async () => ({}) as Engine,
    undo: async (_engine: Engine, _run: string, { fault, node }: Intent) => {
      const name = `${fault} on ${node}`;
      asked.push(name);
      most = Math.max(most, ++atWork);
      await new Promise(setImmediate);
      atWork--;
      const all = answers[name] ?? ['undone'];
      const answer = all[Math.min(all.length, asked.filter((one) => one === name).length) - 1];
      if (answer instanceof Error) throw answer;
      return answer ?? '';
    },
    patienceMs: 300,
  };
  const say = ({ fault, node }: Intent, outcome: string) => void told.push(`${fault} on ${node}: ${outcome}`);
  const error = await undoAll('run-1', intents, say, world).catch((reason: unknown) => reason);
  return { asked, told, most, error };
}

const latestFirst = [intent('fault-1', 'agent-0'), intent('fault-1', 'agent-1'), intent('fault-0', 'agent-0')];

test('faults are undone one after the other, the nodes of one at once', async () => {
  const { asked, most, error } = await undone(latestFirst, {});
  expect(asked.slice(0, 3)).toEqual(['fault-1 on agent-0', 'fault-1 on agent-1', 'fault-0 on agent-0']);
  expect(most).toBe(2);
  expect(error).toBeUndefined();
});

test('what the harness had asked for when it died may come later, and is undone as well', async () => {
  const late = await undone([intent('fault-0', 'agent-0')], {
    'fault-0 on agent-0': ['eth0 was up', 'eth0 is up again'],
  });
  expect(late.told).toEqual(['fault-0 on agent-0: eth0 was up, then eth0 is up again']);
  const once = await undone([intent('fault-0', 'agent-0', 'node-drain')], {});
  expect(once.asked).toEqual(['fault-0 on agent-0']);
});

test('an engine that is away for a moment is asked again', async () => {
  const { told, error } = await undone([intent('fault-0', 'agent-0')], {
    'fault-0 on agent-0': [new Error('the engine restarts'), 'eth0 is up again'],
  });
  expect(told).toEqual(['fault-0 on agent-0: eth0 is up again']);
  expect(error).toBeUndefined();
});

test('what cannot be undone is named, and does not hide what was', async () => {
  const { told, error } = await undone(latestFirst, { 'fault-1 on agent-1': [new Error('no such device')] });
  expect(told).toEqual(['fault-1 on agent-0: undone', 'fault-0 on agent-0: undone']);
  expect(String(error)).toMatch(
    /undoing fault-1 on agent-0, .*not within 0.3 s.*Last seen: fault-1 on agent-1: Error: no such device$/,
  );
});
