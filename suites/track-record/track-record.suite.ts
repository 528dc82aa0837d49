/**
 * The track record: a change of the harness must still reproduce what people had. Each incident and its control is asked by
 * the command that the page names; nothing is kept of it (`faultline incidents --run` keeps). Hours: `--testNamePattern` for one.
 */
import { execa } from 'execa';
import { releaseAtHand } from '@faultline/cluster';
import { engine } from '@faultline/control';
import type { Standing } from '@faultline/incident/plan';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { listIncidents } from '@faultline/cli';
import { FAULTLINE } from '../conduct.ts';

const MINUTES = 60_000;
const RELEASES = ['v1.32.1+k3s1', 'v1.33.3+k3s1'];

let missing: readonly string[];
beforeAll(async () => {
  const docker = await engine();
  const found = await Promise.all(RELEASES.map((release) => releaseAtHand(docker, release, ['traefik', 'servicelb'])));
  missing = found.flatMap((one) => one.missing);
});
beforeEach(({ skip }) => {
  if (missing.length > 0) skip(`k3s images missing in the engine: ${missing.join(', ')}`);
});

const incidents = await listIncidents();

test.for(incidents.map(({ name, title }) => [name, title] as const))(
  '%s: %s',
  { timeout: 45 * MINUTES },
  async ([name], { signal }) => {
    const words = ['incidents', name, '--run', '--no-keep', '--json'];
    const { stdout, stderr } = await execa(process.execPath, [FAULTLINE, ...words], {
      reject: false,
      cancelSignal: signal,
      forceKillAfterDelay: MINUTES,
      env: { CI: 'true' },
    });
    const [standing] = JSON.parse(stdout) as readonly Standing[];
    expect(standing?.here.last?.shown, stderr).toBe(true);
    expect(standing?.control.last?.shown, stderr).toBe(false);
  },
);
