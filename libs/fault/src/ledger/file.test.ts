import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisProcess } from '@faultline/control';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LEDGER_VERSION } from './entry.ts';
import { createLedger, readLedger, removeDrafts } from './file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const opening = () => ({ type: 'open', version: LEDGER_VERSION, run: 'run-1', owner: thisProcess() }) as const;

test('a new ledger is there with whose it is, and nothing lies beside it', async () => {
  const path = join(folder, 'run-1.ndjson');
  using ledger = createLedger(path, opening());
  expect(ledger.path).toBe(path);
  expect(readdirSync(folder)).toEqual(['run-1.ndjson']);
  expect(await readLedger(path)).toMatchObject({ run: 'run-1', owner: thisProcess(), inForce: [] });
});

test('of two that begin at the same moment the second is refused, and changes nothing', () => {
  const path = join(folder, 'run-1.ndjson');
  using _first = createLedger(path, opening());
  const before = readFileSync(path, 'utf8');
  expect(() => createLedger(path, opening())).toThrow(/another process began to break run-1 just now\. Next: wait/);
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(['run-1.ndjson']);
});

test('what a process left that died before its first line is no ledger, and goes when the process is gone', async () => {
  const [dead, living] = ['run-1.ndjson.draft-7-70', 'run-1.ndjson.draft-8-80'];
  for (const name of [dead, living]) writeFileSync(join(folder, name), '{"type":"op');
  using _ledger = createLedger(join(folder, 'run-1.ndjson'), opening());
  await removeDrafts(folder, (pid, started) => pid === 7 && started === '70');
  expect(readdirSync(folder)).toEqual(['run-1.ndjson', living]);
});
