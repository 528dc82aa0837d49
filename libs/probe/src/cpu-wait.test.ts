import { spawnSync } from 'node:child_process';
import type { Commander } from '@faultline/control';
import { host } from '@faultline/control';
import { memoryHistory } from '@faultline/history';
import { expect, test } from 'vitest';
import { cpuAccounts, parseAccount, spentBetween } from './cpu-wait.ts';

const { signal } = new AbortController();

test('what counts is what the processes that stay have run and waited meanwhile', () => {
  const before = parseAccount('1 1000 500\n7 2000 100\n');
  const after = parseAccount('1 1600 900\n7 2100 700\n9 5000 5000\n');
  expect(spentBetween(before, after)).toEqual({ ran: 700, waited: 1000 });
});

test('a thread that ended took its account along, and that is no time won', () => {
  expect(spentBetween(parseAccount('1 1000 500'), parseAccount('1 400 600'))).toEqual({ ran: 0, waited: 100 });
});

test("the kernel's own account is read: this process ran", async () => {
  const history = memoryHistory();
  const done = await cpuAccounts([{ name: 'server-0', side: host }], { history, signal });
  const until = process.cpuUsage().user + 50_000;
  while (process.cpuUsage().user < until) spawnSync('true');
  await done();
  const [event] = history.events;
  expect(event).toMatchObject({ type: 'cpu', node: 'server-0', ranMs: expect.any(Number) });
  expect((event as { ranMs: number }).ranMs).toBeGreaterThan(40);
});

test('a node that cannot be asked has no account, and nothing fails', async () => {
  const history = memoryHistory();
  const side = { exec: () => Promise.reject(new Error('dead')) } as unknown as Commander;
  await (
    await cpuAccounts([{ name: 'agent-0', side }], { history, signal })
  )();
  expect(history.events).toEqual([]);
});
