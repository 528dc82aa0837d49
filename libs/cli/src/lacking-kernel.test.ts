/**
 * What the kernel of a small host lacks, netem and WireGuard, is planned all the same, to the last word that the kernel would be
 * told; a run of it is skipped by its name, and a host that has it runs it.
 */
import { backends, needsOf } from '@faultline/cluster/plan';
import { queueOf } from '@faultline/fault/plan';
import { cellName, cellsOf, planRun, type RunPlan } from '@faultline/scenario/plan';
import type { Engine } from '@faultline/control';
import { describe, expect, test } from 'vitest';
import { needsOfFaults } from './capability.ts';
import { skipWhereLacking } from './lacking.ts';
import { allScenarios } from './workspace.ts';

const scenarios = await allScenarios();
const plans = scenarios.flatMap((scenario) =>
  cellsOf(scenario).map((cell) => planRun(scenario, { cell, seed: 7, app: 'userlist:1', tools: 'tools:1' })),
);
const names = (some: readonly RunPlan[]) => [...new Set(some.map(({ scenario }) => scenario))].toSorted();

/** @param absent what the host lacks. */
function run({ cell, faults }: RunPlan, absent: readonly string[]): Promise<void> {
  const lacking = async (_: Engine, asked: readonly string[]) =>
    asked
      .filter((name) => absent.includes(name))
      .map((name) => ({ name, present: false, how: 'Unknown device type', skips: [] }));
  const { signal } = new AbortController();
  return skipWhereLacking({} as Engine, cell, { signal, tools: 'tools:1', needs: needsOfFaults(faults), lacking });
}

describe('WireGuard', () => {
  const ofWireguard = plans.filter(({ cell }) => cell.backend === 'wireguard-native');

  test('is in the scenarios that it concerns, on k3s alone', () => {
    expect(names(ofWireguard)).toEqual([
      'block-vxlan',
      'block-wireguard',
      'cut-one-node-off',
      'squat-on-wireguard-before-start',
    ]);
    expect(new Set(ofWireguard.map(({ substrate }) => substrate))).toEqual(new Set(['k3s']));
    expect(backends['wireguard-native'].k3sFlags).toEqual(['--flannel-backend=wireguard-native']);
  });

  test('is planned, skipped by its name without the kernel module, and run with it', async () => {
    for (const plan of ofWireguard) {
      expect(plan.cluster.spec.backend, cellName(plan.cell)).toBe('wireguard-native');
      expect(needsOf(plan.cell)).toContain('wireguard');
      await expect(run(plan, ['wireguard'])).rejects.toMatchObject({
        name: 'SkippedError',
        message: expect.stringMatching(/^wireguard-native with .*: this host lacks wireguard \(Unknown device type\)/),
      });
      await expect(run(plan, [])).resolves.toBeUndefined();
    }
  });

  test('blocked at its port loses everything between nodes, and VXLAN nothing', () => {
    const lossesOf = (backend: string) =>
      plans
        .filter(({ scenario, cell }) => scenario === 'block-wireguard' && cell.backend === backend)
        .map(({ expectations }) => expectations.flatMap((one) => ('lost' in one ? [one.lost] : [])));
    const everything = Array.from({ length: 2 }, () => ['cross-node-of-target', 'cross-node-of-target']);
    expect(lossesOf('wireguard-native')).toEqual(everything);
    expect(lossesOf('vxlan')).toEqual(everything.map((cells) => cells.map(() => 'none')));
  });
});

test('DirectRouting is in the scenarios that it concerns, on both substrates', () => {
  const direct = plans.filter(({ cell }) => cell.backend === 'vxlan-direct-routing');
  expect(names(direct)).toEqual([
    'block-vxlan',
    'block-vxlan-one-way',
    'cut-one-node-off',
    'let-only-small-packets-through',
  ]);
  expect(new Set(direct.map(({ substrate }) => substrate))).toEqual(new Set(['k3s', 'bare']));
});

test.each([
  ['delay-an-agent', 'netem limit 10000 delay 50ms 10ms'],
  ['reorder-packets', 'netem limit 10000 delay 10ms reorder 25%'],
  ['duplicate-packets', /^netem limit 10000 duplicate \d+%$/],
  ['corrupt-packets', 'netem limit 10000 corrupt 1%'],
] as const)('%s is planned to the words of tc, and skipped where the kernel lacks netem', async (scenario, words) => {
  const own = plans.filter((plan) => plan.scenario === scenario);
  expect(own.length).toBeGreaterThan(1);
  for (const plan of own) {
    const [fault] = plan.faults;
    expect(queueOf(fault?.kind ?? '', fault?.parameters ?? {}).join(' ')).toMatch(words);
    await expect(run(plan, ['netem'])).rejects.toMatchObject({
      name: 'SkippedError',
      message: expect.stringMatching(
        new RegExp(`^fault-0 \\(${fault?.kind}\\): this host lacks netem \\(Unknown device type\\)`),
      ),
    });
    await expect(run(plan, [])).resolves.toBeUndefined();
  }
});
