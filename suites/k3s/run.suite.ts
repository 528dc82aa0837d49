import { releaseAtHand } from '@faultline/cluster';
import { DEFAULT_K3S } from '@faultline/cluster/plan';
import { engine } from '@faultline/control';
import { beforeEach, expect, test } from 'vitest';
import { conduct, reasons } from '../conduct.ts';

beforeEach(async ({ skip }) => {
  const { missing } = await releaseAtHand(await engine(), DEFAULT_K3S, ['traefik', 'servicelb']);
  if (missing.length > 0) skip(`k3s images missing in the engine: ${missing.join(', ')}`);
});

test('block-vxlan on k3s cuts the cross-node pairs of one node and nothing else', async ({ signal }) => {
  const conducted = await conduct(['block-vxlan', '--substrate', 'k3s', '--backend', 'vxlan', '--seed', '7'], signal);
  expect(conducted.exitCode, reasons(conducted)).toBe(0);
});

test('kill-the-announcing-node on k3s with ServiceLB: its address never comes back, the others keep answering', async ({
  signal,
}) => {
  const conducted = await conduct(
    ['kill-the-announcing-node', '--substrate', 'k3s', '--backend', 'host-gw', '--seed', '7'],
    signal,
  );
  expect(conducted.exitCode, reasons(conducted)).toBe(0);
});
