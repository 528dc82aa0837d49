import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Verdict } from '@faultline/checker';
import { listClusters } from '@faultline/cluster';
import { engine } from '@faultline/control';
import { expect, test } from 'vitest';
import { conduct, FAULTLINE, reasons } from '../conduct.ts';

const ROOT = join(import.meta.dirname, '../..');

test.for([
  ['kill-the-announcing-node', 'vxlan'],
  ['freeze-the-announcing-node', 'host-gw'],
  ['block-vxlan', 'vxlan'],
  ['block-vxlan', 'host-gw'],
] as const)('%s on bare with %s passes, and leaves its reports', async ([scenario, backend], { signal }) => {
  const conducted = await conduct([scenario, '--substrate', 'bare', '--backend', backend, '--seed', '7'], signal);
  expect(conducted.exitCode, reasons(conducted)).toBe(0);
  expect(conducted.verdict.substrate).toBe('bare');
  for (const file of ['plan.json', 'history.ndjson', 'verdict.json', 'report.html', 'summary.md', 'junit.xml']) {
    expect(existsSync(join(conducted.verdict.folder, file)), file).toBe(true);
  }
});

test('Ctrl-C during the measurement heals, tears down, keeps the run, and exits with 130', async ({ signal }) => {
  const harness = spawn(process.execPath, [FAULTLINE, 'run', 'block-vxlan', '--substrate', 'bare'], {
    signal,
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(harness, 'exit');
  let printed = '';
  harness.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  let said = '';
  harness.stderr.on('data', (chunk: Buffer) => {
    if (said.includes('in force')) return;
    said += chunk.toString();
    if (said.includes('block-port in force')) harness.kill('SIGINT');
  });
  expect((await ended)[0]).toBe(130);
  const folder = join(ROOT, dirname(/^report +(\S+)/m.exec(printed)?.[1] ?? 'no report'));
  const verdict = JSON.parse(await readFile(join(folder, 'verdict.json'), 'utf8')) as Verdict;
  expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: expect.stringContaining('interrupted') });
  expect(await readFile(join(folder, 'history.ndjson'), 'utf8')).toContain('"when":"healed","state":true');
  expect((await listClusters(await engine())).map(({ run }) => run)).not.toContain(verdict.run);
});
