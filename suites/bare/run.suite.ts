import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listClusters } from '@faultline/cluster';
import { engine } from '@faultline/control';
import { expect, test } from 'vitest';
import { conduct, FAULTLINE, reasons } from '../conduct.ts';

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
  const harness = spawn(process.execPath, [FAULTLINE, 'run', 'block-vxlan', '--substrate', 'bare', '--json'], {
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(harness, 'exit');
  let printed = '';
  harness.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  for await (const chunk of harness.stderr) if (String(chunk).includes('block-port')) break;
  harness.kill('SIGINT');
  expect((await ended)[0]).toBe(130);
  const verdict = JSON.parse(printed) as { outcome: string; reason: string; run: string; folder: string };
  expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: expect.stringContaining('interrupted') });
  expect(existsSync(join(verdict.folder, 'report.html'))).toBe(true);
  expect((await listClusters(await engine())).map(({ run }) => run)).not.toContain(verdict.run);
});
