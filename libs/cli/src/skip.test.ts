import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScenarioCell } from '@faultline/scenario/plan';
import { expect, test } from 'vitest';
import { SkippedError } from './exit.ts';
import { notingSkip, SKIP_FILE } from './skip.ts';

const CELL: ScenarioCell = {
  substrate: 'k3s',
  backend: 'wireguard-native',
  loadBalancer: 'servicelb',
  controller: 'default',
  trafficPolicy: 'Cluster',
};

test('a skip is noted where the run would lie, and passed on; nothing else is', async () => {
  const runs = await mkdtemp(join(tmpdir(), 'faultline-'));
  await using _runs = { [Symbol.asyncDispose]: () => rm(runs, { recursive: true }) };
  await notingSkip('block', CELL, Promise.resolve(), runs);
  await expect(notingSkip('block', CELL, Promise.reject(new Error('other')), runs)).rejects.toThrow('other');
  expect(await readdir(runs)).toEqual([]);

  const lacks = new SkippedError('this host lacks wireguard');
  await expect(notingSkip('block', CELL, Promise.reject(lacks), runs)).rejects.toBe(lacks);
  const cell = join(runs, 'block', 'k3s-wireguard-native-servicelb');
  const [time = ''] = await readdir(cell);
  const noted: unknown = JSON.parse(await readFile(join(cell, time, SKIP_FILE), 'utf8'));
  expect(noted).toEqual({ scenario: 'block', cell: CELL, reason: 'this host lacks wireguard' });
});
