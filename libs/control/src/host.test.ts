import { expect, test } from 'vitest';
import { CommandError } from './command.ts';
import { host } from './host.ts';

test('a command is an argument array: nothing in it is read by a shell', async () => {
  const { stdout } = await host.exec(['echo', '$(id); `id` | $HOME']);
  expect(stdout).toBe('$(id); `id` | $HOME\n');
});

test('standard input is what was given', async () => {
  const { stdout } = await host.exec(['cat'], { input: 'hello' });
  expect(stdout).toBe('hello');
});

test('an exit code that is not accepted is an error that says where, what, and what it printed', async () => {
  const failing = host.exec(['sh', '-c', 'echo no such thing >&2; exit 3']);
  await expect(failing).rejects.toThrow(CommandError);
  await expect(failing).rejects.toThrow(/^host: `sh -c .*` exited with code 3\nno such thing$/s);
});

test('an exit code that is accepted is an answer', async () => {
  expect((await host.exec(['sh', '-c', 'exit 3'], { accept: [0, 3] })).exitCode).toBe(3);
});

test('a program that is not there could not be started', async () => {
  await expect(host.exec(['faultline-no-such-program'])).rejects.toThrow(/could not be started/);
});

test('a command that outlives its deadline is stopped', async () => {
  await expect(host.exec(['sleep', '60'], { timeoutMs: 50 })).rejects.toThrow(/was stopped after/);
});

test('disposing a running process closes its standard input and waits for its end', async () => {
  const process = await host.start(['cat']);
  await process[Symbol.asyncDispose]();
  expect(await process.exited).toBe(0);
});
