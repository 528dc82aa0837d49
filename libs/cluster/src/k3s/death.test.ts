import { once } from 'node:events';
import type { Engine } from '@faultline/control';
import { expect, test } from 'vitest';
import { lastWords, NodeDiedError, whileTheyLive } from './death.ts';

const { signal } = new AbortController();

function frames(...lines: readonly string[]): Buffer {
  return Buffer.concat(
    lines.map((line) => {
      const header = Buffer.alloc(8);
      header.writeUInt32BE(Buffer.byteLength(line), 4);
      return Buffer.concat([header, Buffer.from(line)]);
    }),
  );
}

/** Containers that live until `kill` is called with their id. */
function fakeEngine(): { engine: Engine; kill: (id: string) => void } {
  const deaths = new Map<string, () => void>();
  const engine = {
    getContainer: (id: string) => ({
      wait: ({ abortSignal }: { abortSignal: AbortSignal }) =>
        new Promise((resolve, reject) => {
          deaths.set(id, () => resolve({ StatusCode: 1 }));
          void once(abortSignal, 'abort').then(() => reject(new Error('aborted')));
        }),
      logs: () => Promise.resolve(frames('level=info msg="starting"\n', 'level=fatal msg="no cgroups"\n', 'bye\n')),
    }),
  };
  return { engine: engine as unknown as Engine, kill: (id) => deaths.get(id)?.() };
}

const nodes = [
  { name: 'server-0', container: 'a' },
  { name: 'agent-0', container: 'b' },
];

test('while all live, the act decides', async () => {
  const { engine } = fakeEngine();
  await expect(whileTheyLive({ engine, signal }, nodes, () => Promise.resolve('booted'))).resolves.toBe('booted');
  await expect(whileTheyLive({ engine, signal }, nodes, () => Promise.reject(new Error('its own')))).rejects.toThrow(
    'its own',
  );
});

test('the death of one stops the act, and its last words are the error', async () => {
  const { engine, kill } = fakeEngine();
  const booting = whileTheyLive({ engine, signal }, nodes, async (until) => {
    kill('b');
    await once(until, 'abort');
    throw new Error('connection refused');
  });
  await expect(booting).rejects.toBeInstanceOf(NodeDiedError);
  await expect(booting).rejects.toThrow(
    'agent-0 ended with exit code 1 while the cluster was booting. Its last words:\n  level=fatal msg="no cgroups"',
  );
});

test('without a fatal line the last lines are the last words', () => {
  expect(lastWords(frames('one\ntwo\n', 'three\n'))).toEqual(['one', 'two', 'three']);
});
