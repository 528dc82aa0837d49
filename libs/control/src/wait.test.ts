import { expect, test } from 'vitest';
import { DeadlineError, done, notYet, waitFor } from './wait.ts';

test('the answer is returned as soon as it is there', async () => {
  let asked = 0;
  const value = await waitFor('three', async () => (++asked === 3 ? done(asked) : notYet(String(asked))), {
    withinMs: 1000,
    everyMs: 1,
  });
  expect(value).toBe(3);
});

test('a deadline that passes says what was last seen', async () => {
  const waiting = waitFor('the moon', async () => notYet('clouds'), { withinMs: 20, everyMs: 1 });
  await expect(waiting).rejects.toThrow(DeadlineError);
  await expect(waiting).rejects.toThrow(/the moon: not within 0\.02 s .* Last seen: clouds/);
});

test('a question that throws is asked again, and its error is what was last seen', async () => {
  let asked = 0;
  const refuse = async () => {
    asked++;
    throw new Error('connection refused');
  };
  await expect(waitFor('the API', refuse, { withinMs: 20, everyMs: 1 })).rejects.toThrow(/connection refused/);
  expect(asked).toBeGreaterThan(1);
});

test('an abort ends the wait with its own reason, not as a deadline', async () => {
  const controller = new AbortController();
  const waiting = waitFor('never', async () => notYet('nothing'), {
    signal: controller.signal,
    withinMs: 60_000,
    everyMs: 5,
  });
  controller.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
});
