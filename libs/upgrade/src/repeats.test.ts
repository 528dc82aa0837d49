import { expect, test } from 'vitest';
import { judgeUpgrade } from './judge.ts';
import { renderUpgradesSummary, upgradesHeadline, upgradesOf } from './repeats.ts';
import { asked, begin, historyOf, node, probe, serves, stepOf, UPGRADE, type Told } from './synthetic.ts';

const run = (...told: readonly Told[]) => {
  const whole = [
    begin,
    asked('old', 'shop', 200, -8),
    node('server-0', 'begin', 0),
    node('server-0', 'end', 20),
    serves('3.3.6', 40),
    stepOf('after', 'begin', 60),
    asked('after', 'shop', 200, 61),
    stepOf('after', 'end', 62),
  ];
  return judgeUpgrade(historyOf([...whole, ...told]), UPGRADE);
};

const identity = { from: UPGRADE.from, to: UPGRADE.to, controller: 'daemonset', command: 'npx faultline upgrade' };

test('a cause that one of several upgrades did not have counts as none there', () => {
  const { causes } = upgradesOf(identity, [
    { folder: 'repeat-001', verdict: run(...probe('server-0', { 3: 'timeout', 4: 'timeout' }, 60)) },
    { folder: 'repeat-002', verdict: run(...probe('server-0', {}, 60)) },
  ]);
  expect(causes).toEqual([{ cause: 'server-0 away: its own address', connection: 'new', lost: [2, 0] }]);
});

test('the headline counts outcomes and says between what the losses lie', () => {
  const upgrades = upgradesOf(identity, [
    { folder: 'repeat-001', verdict: run(...probe('server-0', { 3: 'timeout' }, 60)) },
    { folder: 'repeat-002', verdict: run(serves('2.11.18', 50)) },
  ]);
  expect(upgradesHeadline(upgrades)).toBe(
    'v1.32.1+k3s1 to v1.33.3+k3s1, Traefik daemonset: 1 upgraded, 1 stuck; 0 to 1 requests lost.',
  );
  expect(renderUpgradesSummary(upgrades)).toContain('| repeat-001 | upgraded | 1 |');
});
