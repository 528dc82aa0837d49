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

test.for([
  'container 4711 is not running',
  // As the engine's client puts it, whatever the conflict is about.
  '(HTTP code 409) container stopped/paused - Container 4711 is not running',
])('a silent container in which nothing can be executed is dead: %s', async (error) => {
  const side = container(error);
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

test('one that does not answer is given up after ten seconds of silence', async () => {
  const side = container('`true` was stopped after 3000 ms', '`true` was stopped after 3000 ms');
  const silences = [9_000, 9_000, 13_000, 13_000];
  await untilDead(side, () => silences.shift() ?? 13_000, AbortSignal.timeout(10_000));
  expect(side.asked()).toBe(2);
});
