import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LABEL, thisProcess, type Engine } from '@faultline/control';
import { memoryHistory } from '@faultline/history';
import { expect, test } from 'vitest';
import { healDead, ledgersOfTheDead } from './heal-dead.ts';

interface FakeContainer {
  run: string;
  paused: boolean;
  running: boolean;
  /** What the engine answers to every deed. */
  broken?: string;
}

/** An engine of containers that can be inspected, paused and started, as far as undoing needs it. */
function fakeEngine(containers: Record<string, FakeContainer>): Engine {
  const missing = () => Object.assign(new Error('no such container'), { statusCode: 404 });
  const getContainer = (id: string) => {
    const one = (): FakeContainer => {
      const found = containers[id];
      if (!found) throw missing();
      return found;
    };
    const deed = (act: (container: FakeContainer) => void) => async () => {
      const container = one();
      if (container.broken) throw new Error(container.broken);
      act(container);
    };
    return {
      inspect: async () => ({
        Config: { Labels: { [LABEL.run]: one().run } },
        State: { Paused: one().paused, Running: one().running },
      }),
      unpause: deed((container) => (container.paused = false)),
      start: deed((container) => (container.running = true)),
    };
  };
  return { getContainer } as unknown as Engine;
}

const NODE = 'a'.repeat(64);
const SIDE = 'b'.repeat(64);
const DEAD = { boot: 'of another day', pid: 1, started: '1' };
const intent = (fault: string, kind: string, parameters: object = {}) => {
  return { type: 'intent', fault, kind, parameters, node: 'agent-0', container: NODE, side: SIDE, expires: 1 };
};

function ledgerOf(run: string, lines: readonly object[], owner: object = DEAD, torn = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-ledger-'));
  const all = [{ type: 'open', version: 1, run, owner }, ...lines];
  writeFileSync(join(folder, `${run}.ndjson`), all.map((line) => `${JSON.stringify(line)}\n`).join('') + torn);
  return folder;
}

const node = (more: Partial<FakeContainer> = {}): Record<string, FakeContainer> => ({
  [NODE]: { run: 'run-1', paused: true, running: true, ...more },
  [SIDE]: { run: 'run-1', paused: false, running: true },
});

test('a paused node of a dead run is unpaused, once, and its ledger put away', async () => {
  const ledgerFolder = ledgerOf('run-1', [intent('fault-0', 'node-pause')]);
  const containers = node();
  const history = memoryHistory();
  const healed = await healDead({ engine: fakeEngine(containers), ledgerFolder, history });
  expect(healed).toMatchObject([{ run: 'run-1', ok: true, did: ['run-1: fault-0 (node-pause) on agent-0: unpaused'] }]);
  expect(containers[NODE]?.paused).toBe(false);
  expect(history.events.map((event) => event.type === 'note' && event.text)).toEqual(healed[0]?.did);
  expect(readdirSync(ledgerFolder)).toEqual(['healed']);
  expect(await healDead({ engine: fakeEngine(containers), ledgerFolder })).toEqual([]);
});

test('the latest fault goes first, also when the last line was torn by the power cut', async () => {
  const lines = [intent('fault-0', 'node-pause'), intent('fault-1', 'node-kill')];
  const ledgerFolder = ledgerOf('run-1', lines, DEAD, '{"type":"effect","fau');
  const [healed] = await healDead({ engine: fakeEngine(node({ running: false })), ledgerFolder });
  expect(healed?.did).toEqual([
    'run-1: fault-1 (node-kill) on agent-0: started again',
    'run-1: fault-0 (node-pause) on agent-0: unpaused',
  ]);
});

test('a node that was to stay dead stays dead', async () => {
  const ledgerFolder = ledgerOf('run-1', [intent('fault-0', 'node-kill', { restart: false })]);
  const containers = node({ running: false });
  const [healed] = await healDead({ engine: fakeEngine(containers), ledgerFolder });
  expect(healed?.did[0]).toContain('left dead, as the plan says');
  expect(containers[NODE]?.running).toBe(false);
});

test('what is gone needs no healing', async () => {
  const lines = ['node-pause', 'node-kill', 'block-port'].map((kind, index) => intent(`fault-${index}`, kind));
  const [healed] = await healDead({ engine: fakeEngine({}), ledgerFolder: ledgerOf('run-1', lines) });
  expect(healed).toMatchObject({ ok: true });
  expect(healed?.did).toHaveLength(3);
});

test('a container of another run is refused, and so is a side-car', async () => {
  const ledgerFolder = ledgerOf('run-1', [intent('fault-0', 'node-pause')]);
  const foreign = node({ run: 'of-somebody-else' });
  const [healed] = await healDead({ engine: fakeEngine(foreign), ledgerFolder });
  expect(healed?.did[0]).toContain('refused: container aaaaaaaaaaaa is not of run run-1');
  expect(foreign[NODE]?.paused).toBe(true);

  const again = ledgerOf('run-1', [intent('fault-0', 'node-pause')]);
  const foreignSide = { ...node(), [SIDE]: { run: '', paused: false, running: true } };
  const [second] = await healDead({ engine: fakeEngine(foreignSide), ledgerFolder: again });
  expect(second?.did[0]).toContain('refused: container bbbbbbbbbbbb is not of run run-1');
});

test('what the engine cannot undo stays in the ledger, to be tried again', async () => {
  const ledgerFolder = ledgerOf('run-1', [intent('fault-0', 'node-pause')]);
  const containers = node({ broken: 'the freezer is stuck' });
  const [healed] = await healDead({ engine: fakeEngine(containers), ledgerFolder });
  expect(healed).toMatchObject({ ok: false, did: [expect.stringContaining('still in force: the freezer is stuck')] });
  delete containers[NODE]?.broken;
  expect(await healDead({ engine: fakeEngine(containers), ledgerFolder })).toMatchObject([{ ok: true }]);
});

test('a ledger that is not ours is left where it is, and said so', async () => {
  const ledgerFolder = ledgerOf('run-1', [{ type: 'exec', argv: ['reboot'] }]);
  const [healed] = await healDead({ engine: fakeEngine(node()), ledgerFolder });
  expect(healed).toMatchObject({ ok: false, run: undefined });
  expect(readdirSync(ledgerFolder)).toEqual(['run-1.ndjson']);
});

test('the ledger of a living harness is left alone', async () => {
  const containers = node();
  const ledgerFolder = ledgerOf('run-1', [intent('fault-0', 'node-pause')], thisProcess());
  expect(await healDead({ engine: fakeEngine(containers), ledgerFolder })).toEqual([]);
  expect(await ledgersOfTheDead({ ledgerFolder })).toEqual([]);
  expect(containers[NODE]?.paused).toBe(true);
});

test('what the dead left can be said without undoing it', async () => {
  const ledgerFolder = ledgerOf('run-1', [intent('fault-0', 'block-port')]);
  expect(await ledgersOfTheDead({ ledgerFolder })).toMatchObject([
    { run: 'run-1', ok: true, did: ['run-1: fault-0 (block-port) on agent-0 may be in force'] },
  ]);
  expect(readdirSync(ledgerFolder)).toEqual(['run-1.ndjson']);
  expect(await ledgersOfTheDead({ ledgerFolder: join(ledgerFolder, 'nowhere') })).toEqual([]);
});
