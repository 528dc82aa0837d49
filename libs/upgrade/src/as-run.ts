/** An upgrade as a run like any other, so that its traffic is judged and drawn as that of any run. */
import type { Verdict } from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import type { UpgradePlan } from './plan-upgrade.ts';
import type { UpgradeVerdict } from './verdict.ts';
import { headlineOf } from './words.ts';

export interface UpgradeReport {
  readonly events: readonly Stamped[];
  readonly plan: UpgradePlan;
  /** Of the traffic, as of any run. */
  readonly traffic: Verdict;
  readonly verdict: UpgradeVerdict;
}

/** The run's verdict in the words of an upgrade: what it came to, and when which node was away. */
export function asRun(traffic: Verdict, verdict: UpgradeVerdict): Verdict {
  const outcomes = { upgraded: 'pass', stuck: 'fail', broken: 'fail', inconclusive: 'inconclusive' } as const;
  const marks = verdict.nodes.flatMap(({ node, beginS, endS, to }) => [
    milestone(beginS, `${node} is replaced`, to),
    ...(endS === null ? [] : [milestone(endS, `${node} is back`, to)]),
  ]);
  const traefiks = verdict.traefiks
    .filter(({ atS }) => atS > 0)
    .map(({ atS, ready }) =>
      milestone(
        atS,
        `Traefik ready: ${
          Object.entries(ready)
            .map(([version, count]) => `${count} of ${version}`)
            .join(', ') || 'none'
        }`,
        '',
      ),
    );
  return {
    ...traffic,
    outcome: outcomes[verdict.outcome],
    reason: verdict.reason,
    headline: headlineOf(verdict),
    milestones: [...marks, ...traefiks].toSorted((a, b) => a.at.estimate - b.at.estimate),
  };
}

function milestone(atS: number, what: string, detail: string): Verdict['milestones'][number] {
  const at = atS * 1000;
  return { at: { low: at, estimate: at, high: at }, what, detail };
}
