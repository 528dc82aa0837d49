/** A small night that nobody runs: for tests. */
import { announcer, defineScenario, type Scenario } from '@faultline/scenario/plan';
import type { ModelOptions } from './model.ts';
import { planNight, type NightPlan, type NightPlanOptions, type Row } from './plan-night.ts';
import { RESULT_VERSION, type Result } from './result.ts';

export function exampleScenario(name: string, change: Partial<Parameters<typeof defineScenario>[0]> = {}): Scenario {
  return defineScenario({
    name,
    why: 'It shows the words.',
    topology: { servers: 1, agents: 2 },
    matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
    workload: { replicas: 3 },
    watch: ['edge'],
    faults: [{ kind: 'node-kill', target: announcer(), lasting: '20s' }],
    expect: [{ checks: [{ check: 'never-recovers', probe: 'edge-http-new' }] }],
    ...change,
  });
}

export const nothingNeeded: ModelOptions['faultNeeds'] = () => ({ needs: [], lacks: [] });

/** On bare alone: eight rows on two kinds of clusters. */
export function exampleNight(change: Partial<NightPlanOptions> = {}): NightPlan {
  const names = ['first-fault', 'second-fault', 'third-fault', 'fourth-fault'];
  const scenarios = names.map((name) => exampleScenario(name));
  return planNight(scenarios, {
    seed: 7,
    strength: 3,
    faultNeeds: nothingNeeded,
    substrates: ['bare'],
    ...change,
  });
}

export function exampleResult(row: Row, change: Partial<Result> = {}): Result {
  return {
    version: RESULT_VERSION,
    row: row.id,
    scenario: row.cell.scenario,
    cell: { ...row.cell },
    repeat: null,
    verdict: 'pass',
    reason: 'all was as expected',
    skip: null,
    figures: [],
    started: 1_795_000_000_000,
    durationMs: 50_000,
    folder: null,
    commit: null,
    host: 'here',
    class: '',
    lastEvent: null,
    ...change,
  };
}
