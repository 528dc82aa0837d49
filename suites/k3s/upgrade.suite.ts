import { join } from 'node:path';
import { execa } from 'execa';
import { releaseAtHand } from '@faultline/cluster';
import { engine } from '@faultline/control';
import type { UpgradeVerdict } from '@faultline/upgrade/plan';
import { beforeEach, expect, test } from 'vitest';
import { FAULTLINE } from '../conduct.ts';

const FROM = 'v1.32.1+k3s1';
const TO = 'v1.33.3+k3s1';

beforeEach(async ({ skip }) => {
  const docker = await engine();
  const found = await Promise.all(
    [FROM, TO].map((release) => releaseAtHand(docker, release, ['traefik', 'servicelb'])),
  );
  const missing = found.flatMap((one) => one.missing);
  if (missing.length > 0) skip(`k3s images missing in the engine: ${missing.join(', ')}`);
});

async function upgrade(words: readonly string[], signal: AbortSignal): Promise<UpgradeVerdict> {
  const argv = [FAULTLINE, 'upgrade', '--from', FROM, '--to', TO, '--json', ...words];
  const { stdout } = await execa(process.execPath, argv, {
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 60_000,
    env: { CI: 'true' },
  });
  return JSON.parse(stdout) as UpgradeVerdict;
}

test('the seven assertions of a migration hold on Traefik 2, on Traefik 3 beside it, and after the upgrade', async ({
  signal,
}) => {
  const verdict = await upgrade([], signal);
  expect(verdict.outcome, verdict.reason).toBe('upgraded');
  expect(verdict.prediction).toMatchObject({ missed: [], falseAlarms: [] });
  expect(verdict.nodes.map(({ node, endS }) => [node, endS !== null])).toEqual([
    ['server-0', true],
    ['agent-0', true],
    ['agent-1', true],
  ]);
});

/** Plain Ingresses only: whatever else is routed is lost when Traefik's pod begins anew (docs/findings/stuck-on-v2-is-not-safe.md). */
test('values that the new chart refuses leave the old Traefik serving its Ingresses: stuck, and lint had said so', async ({
  signal,
}) => {
  const manifests = join(import.meta.dirname, 'upgrade-stuck');
  const verdict = await upgrade(['--manifests', manifests, '--cases', 'none'], signal);
  expect(verdict.outcome, verdict.reason).toBe('stuck');
  expect(verdict.reason).toContain('certResolvers');
  const values = verdict.cases.find((row) => row.case === 'HelmChartConfig kube-system/traefik');
  expect(values?.predicted).toBe('breaks');
});

test('rules that Traefik 3 refuses are 404 afterwards: broken, and lint names each that the new one answers otherwise', async ({
  signal,
}) => {
  const verdict = await upgrade(['--cases', 'corpus'], signal);
  expect(verdict.outcome, verdict.reason).toBe('broken');
  // A Service without endpoints: no manifest shows it.
  expect(verdict.prediction.missed).toEqual(['G21-empty-service']);
  expect(verdict.prediction.falseAlarms).toEqual([]);
});
