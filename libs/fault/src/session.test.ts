/** One process breaks a cluster at a time. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisProcess, type Engine } from '@faultline/control';
import { memoryHistory } from '@faultline/history';
import { expect, test } from 'vitest';
import { openSession } from './session.ts';

/** Another process that lives: the one that started this one. */
function parent(): object {
  const started = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
  return { boot: thisProcess().boot, pid: process.ppid, started };
}

test('a second process is refused while a first is breaking the cluster, and told what is in force', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-session-'));
  const where = { node: 'agent-0', container: 'a'.repeat(64), side: 'b'.repeat(64) };
  const lines = [
    { type: 'open', version: 1, run: 'kept-1', owner: parent() },
    { type: 'intent', fault: 'by-hand', kind: 'node-pause', parameters: {}, ...where, expires: 1 },
  ];
  writeFileSync(join(folder, 'kept-1.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const opening = openSession({ run: 'kept-1', engine: {} as Engine, history: memoryHistory(), ledgerFolder: folder });
  await expect(opening).rejects.toThrow(
    `process ${process.ppid} is breaking the cluster kept-1 already (node-pause on agent-0). Next: end that one first`,
  );
});
