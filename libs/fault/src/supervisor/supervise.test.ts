import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { manualClock, SECOND } from '@faultline/history';
import { expect, test } from 'vitest';
import type { Intent } from '../ledger/entry.ts';
import { supervise } from './supervise.ts';

/** A world in which undoing only takes the intent off the list, unless it is told to fail. */
function world(intents: readonly string[], undo?: () => Promise<void>) {
  const clock = manualClock(10 * SECOND);
  const harness = new PassThrough();
  const inForce = intents.map((fault): Intent => ({
    type: 'intent',
    fault,
    kind: 'node-pause',
    parameters: {},
    node: 'agent-0',
    container: 'a'.repeat(64),
    side: 'b'.repeat(64),
    expires: 60 * SECOND,
  }));
  const said: string[] = [];
  const logged: string[] = [];
  const undone: string[] = [];
  const finished = supervise({
    clock,
    lines: createInterface({ input: harness }),
    read: async () => ({ run: 'run', owner: { boot: '', pid: 1, started: '' }, inForce: [...inForce] }),
    written: (intent) => {
      inForce.splice(inForce.indexOf(intent), 1);
      undone.push(intent.fault);
    },
    undo: async (some, each) => {
      await undo?.();
      for (const intent of some) each(intent, 'unpaused');
    },
    say: (line) => void said.push(line),
    log: (line) => void logged.push(line),
    everyMs: 5,
  });
  return { clock, harness, inForce, said, logged, undone, finished };
}

test('when its standard input ends, it undoes all in reverse and leaves', async () => {
  const { harness, finished, undone, logged, said } = world(['fault-0', 'fault-1']);
  harness.end();
  expect(await finished).toBe(0);
  expect(undone).toEqual(['fault-1', 'fault-0']);
  expect(said[0]).toBe('ready');
  expect(logged[0]).toBe('the harness is gone: undoing fault-1 on agent-0, fault-0 on agent-0');
});

test('when the harness falls silent, it undoes all though the connection stands', async () => {
  const { clock, finished, undone } = world(['fault-0']);
  clock.advance(2.1 * SECOND);
  expect(await finished).toBe(0);
  expect(undone).toEqual(['fault-0']);
});

test('a beat renews the lease, and goodbye ends it with nothing undone', async () => {
  const { clock, harness, finished, undone, inForce } = world(['fault-0']);
  clock.advance(1.9 * SECOND);
  harness.write('beat\n');
  await expect.poll(() => harness.readableLength).toBe(0);
  clock.advance(1.9 * SECOND);
  inForce.pop();
  harness.write('bye\n');
  expect(await finished).toBe(0);
  expect(undone).toEqual([]);
});

test('a fault whose time is over is undone while the harness lives, which is told', async () => {
  const { clock, harness, finished, said } = world(['fault-0']);
  for (let second = 10; second < 61; second++) {
    clock.advance(SECOND);
    harness.write('beat\n');
    await new Promise(setImmediate);
  }
  await expect.poll(() => said).toContain('undone fault-0 on agent-0 (its time to live is over): unpaused');
  harness.write('bye\n');
  expect(await finished).toBe(0);
});

test('what cannot be undone is left to the doctor, with an exit code that says so', async () => {
  const { harness, finished, undone, logged } = world(['fault-0'], () =>
    Promise.reject(new Error('the engine is dead')),
  );
  harness.end();
  expect(await finished).toBe(1);
  expect(undone).toEqual([]);
  expect(logged.at(-1)).toContain('the engine is dead');
});
