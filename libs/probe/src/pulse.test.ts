import type { Commander, Output } from '@faultline/control';
import { expect, test } from 'vitest';
import { untilDead } from './pulse.ts';

const NOTHING: Output = { stdout: '', stderr: '', exitCode: 0, durationMs: 1 };

/** A container in which a command fails with these errors, one after the other, and then works. */
function container(...errors: string[]): Commander & { asked(): number } {
  let asked = 0;
  return {
    name: 'side-car',
    asked: () => asked,
    async exec() {
      const error = errors[asked++];
      if (error !== undefined) throw new Error(error);
      return NOTHING;
    },
    start: () => Promise.reject(new Error('nothing is to be started')),
    copyIn: () => Promise.reject(new Error('nothing is to be copied')),
  };
}

test('a silent container in which nothing can be executed is dead', async () => {
  const side = container('container 4711 is not running');
  await untilDead(side, () => 10_000, AbortSignal.timeout(10_000));
  expect(side.asked()).toBe(1);
});

test('a frozen one is not dead, nor one that answers: they are asked again', async () => {
  const side = container(
    'Container 4711 is paused, unpause the container before exec',
    '`true` was stopped after 3000 ms',
  );
  await untilDead(side, () => 10_000, AbortSignal.timeout(3500));
  expect(side.asked()).toBe(3);
});

test('one whose prober speaks is not asked', async () => {
  const side = container('container 4711 is not running');
  await untilDead(side, () => 100, AbortSignal.timeout(1500));
  expect(side.asked()).toBe(0);
});
