/** A run that failed leaves a bundle: what anybody needs to see it fail again. */
import { join, relative } from 'node:path';
import type { Verdict } from '@faultline/checker';
import { systemClock } from '@faultline/history';
import type { Bundle } from '@faultline/incident/plan';
import type { RunPlan, Scenario } from '@faultline/scenario/plan';
import type { Provenance } from './provenance.ts';

export interface Failed {
  readonly folder: string;
  readonly verdict: Verdict;
  readonly plan: RunPlan;
  readonly from: Pick<Provenance, 'commit' | 'dirty'>;
  /** Of a replay: what it replayed. */
  readonly bundle?: Bundle;
}

/** @returns the command that runs it again from the bundle; undefined where it did not fail, or there can be no bundle. */
export async function leaveBundle(scenario: Scenario, failed: Failed): Promise<string | undefined> {
  const { folder, verdict, plan, bundle } = failed;
  if (verdict.outcome !== 'fail') return undefined;
  if (plan.cluster.spec.cni) {
    console.error('faultline: no bundle: the manifest of a CNI of your own may hold anything');
    return undefined;
  }
  const { bundleOfReplay, bundleOfRun } = await import('@faultline/incident/plan');
  const { writeBundle } = await import('@faultline/incident');
  const by = { commit: failed.from.commit, dirty: failed.from.dirty };
  const what = { plan, verdict, made: systemClock.wall(), by };
  const path = join(folder, 'bundle.tgz');
  try {
    await writeBundle(path, bundle ? bundleOfReplay(bundle, what) : bundleOfRun({ ...what, scenario }));
  } catch (error) {
    // A run is none the worse for a bundle that cannot be: why not is said.
    console.error(`faultline: no bundle: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  return `faultline replay ${relative(process.cwd(), path)}`;
}
