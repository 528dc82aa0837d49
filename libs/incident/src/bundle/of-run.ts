/** A run as a bundle: its scenario in its cell, with its seed, and what it came to. Pure. */
import type { Verdict } from '@faultline/checker';
import type { RunPlan, Scenario } from '@faultline/scenario/plan';
import { ranOf } from '../replay/judge-replay.ts';
import { matrixOf, type About, type Bundle } from './bundle.ts';
import { aboutOf } from './files.ts';

export interface OfRun extends Pick<About, 'made' | 'by'> {
  readonly scenario: Scenario;
  readonly plan: RunPlan;
  readonly verdict: Pick<Verdict, 'outcome' | 'reason' | 'checks'>;
}

export function bundleOfRun({ scenario, plan, verdict, made, by }: OfRun): Bundle {
  const { cell, seed, cluster } = plan;
  const { k3s, settings = {} } = cluster.spec;
  return {
    about: aboutOf({
      made,
      by,
      from: 'run',
      k3s: k3s === undefined ? null : { seen: k3s, taken: k3s },
      settings,
      seed,
      ran: ranOf(verdict),
      nodes: [],
      seen: [],
      leftOut: [],
      notes: /^faultline\/userlist[:@]/.test(plan.workload.app) ? [] : ['an app of their own: userlist here'],
    }),
    scenario: {
      ...scenario,
      matrix: matrixOf(cell),
    },
    objects: [],
    events: [],
  };
}

/** A replay that failed is a run that failed, on the cluster that was captured: the same bundle, with what it came to. */
export function bundleOfReplay(bundle: Bundle, { plan, verdict, made, by }: Omit<OfRun, 'scenario'>): Bundle {
  return { ...bundle, about: { ...bundle.about, made, by, seed: plan.seed, ran: ranOf(verdict) } };
}
