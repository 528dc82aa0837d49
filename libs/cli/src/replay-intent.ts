/** What replaying a bundle means on this host: its cell, the images, what the host lacks. */
import { resolveImages } from '@faultline/cluster';
import { k3sImages } from '@faultline/cluster/plan';
import type { Engine } from '@faultline/control';
import { cellOf, scenarioOf, type Bundle } from '@faultline/incident/plan';
import { faultId } from '@faultline/scenario/plan';
import { needsOfFaults } from './capability.ts';
import type { Intent } from './intent.ts';
import { skipWhereLacking } from './lacking.ts';
import { ensureOwnImages } from './own-images.ts';
import { provenance } from './provenance.ts';

export interface ReplayWish {
  readonly command: string;
  readonly seed: number;
  readonly docker: Engine;
  readonly subnet: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws ImagesMissingError, SkippedError: what this host lacks, by its name. */
export async function intendReplay(bundle: Bundle, wish: ReplayWish): Promise<Intent> {
  const { command, seed, docker, subnet, signal } = wish;
  const { about, scenario } = bundle;
  const cell = cellOf(bundle);
  const k3s = about.k3s?.taken;
  if (k3s !== undefined) await resolveImages(docker, k3sImages(k3s, ['traefik', 'servicelb']), { signal });
  const { tools, userlist } = await ensureOwnImages(docker, signal);
  const needs = needsOfFaults(scenario.faults.map(({ kind }, index) => ({ id: faultId(index), kind })));
  await skipWhereLacking(docker, cell, { signal, tools, needs });
  const from = await provenance(docker, signal);
  return {
    scenario: scenarioOf(scenario),
    cell,
    settings: about.settings,
    choice: { substrate: cell.substrate, reason: 'as it was captured', k3s },
    plan: { cell, seed, tools, settings: about.settings, app: userlist, k3s, subnet },
    from,
    versions: { ...from.versions, ...(k3s !== undefined && { k3s }) },
    command,
  };
}
