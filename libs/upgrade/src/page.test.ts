import { judge } from '@faultline/checker';
import { expect, test } from 'vitest';
import { judgeUpgrade } from './judge.ts';
import { renderUpgradeHtml } from './page.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { renderUpgradeSummary } from './summary.ts';
import { asked, begin, historyOf, node, probe, serves, stepOf, UPGRADE, type Told } from './synthetic.ts';

const plan = planUpgrade(
  {
    ...UPGRADE,
    servers: 1,
    agents: 2,
    backend: 'vxlan',
    loadBalancer: 'servicelb',
    controller: 'default',
    preload: false,
    skew: false,
    rollback: false,
    seed: 1,
    images: [],
    cases: [],
  },
  { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null },
);

const service = (step: 'old' | 'after', clusterIP: string, at: number): Told => [
  at,
  { type: 'upgrade.service', step, uid: 'u', clusterIP, nodePorts: { web: 30080 }, addresses: ['198.18.0.10'] },
];

const told: readonly Told[] = [
  begin,
  asked('old', 'shop <b>', 200, -8),
  service('old', '10.43.0.1', -7),
  ...probe('server-0', { 3: 'timeout' }, 60),
  node('server-0', 'begin', 0),
  node('server-0', 'end', 20),
  [
    30,
    {
      type: 'upgrade.helm',
      job: 'helm-install-traefik',
      chart: 'traefik-34.2.1+up34.2.0.tgz',
      attempts: 0,
      state: 'failing',
      node: 'agent-1',
      detail: 'ImagePullBackOff: rancher/klipper-helm:v0.9.8-build20250709',
    },
  ],
  [
    31,
    {
      type: 'watch',
      kind: 'Event',
      verb: 'ADDED',
      namespace: 'kube-system',
      name: 'helm-install-traefik-x.1',
      summary: {
        reason: 'Failed',
        regarding: 'Pod/helm-install-traefik-x',
        message: 'Failed to pull image "rancher/klipper-helm:v0.9.8-build20250709": not found',
      },
    },
  ],
  serves('2.11.18', 40),
  stepOf('after', 'begin', 60),
  asked('after', 'shop <b>', 200, 61),
  stepOf('after', 'end', 62),
  service('after', '10.43.0.2', 62),
];

const events = historyOf(told);
const report = { events, plan, traffic: judge(events, []), verdict: judgeUpgrade(events, plan) };

test('the summary says what it came to, what was lost to what, and what to preload', () => {
  const summary = renderUpgradeSummary(report);
  expect(summary).toContain('stuck: v1.32.1+k3s1 to v1.33.3+k3s1');
  expect(summary).toContain('server-0 away: its own address');
  expect(summary).toContain('was missing on the node where helm-install-traefik-x was to run');
  expect(summary).toMatch(/Preload the images of v1\.33\.3\+k3s1 on every node/);
  expect(summary).toContain('after: ClusterIP 10.43.0.1 → 10.43.0.2');
});

test('of the way back it says what came back and what did not', () => {
  const answer = (step: 'old' | 'after' | 'back', one: string, saw: string): Told => [
    step === 'old' ? -8 : 70,
    { type: 'upgrade.asked', step, case: one, what: 'it answers', saw, statuses: [Number(saw)], asExpected: null },
  ];
  const rows = [
    ...(['old', 'after', 'back'] as const).map((step) => answer(step, 'restored', step === 'after' ? '404' : '200')),
    ...(['old', 'after', 'back'] as const).map((step) => answer(step, 'gone', step === 'old' ? '200' : '404')),
  ];
  const all = historyOf([...told, ...rows]);
  const summary = renderUpgradeSummary({ ...report, events: all, verdict: judgeUpgrade(all, plan) });
  expect(summary).toContain('Comes back: restored');
  expect(summary).toContain('Does not come back: gone');
  expect(renderUpgradeSummary(report)).not.toContain('Comes back');
});

test('the page says the same, and what a cluster named is text in it', () => {
  const page = renderUpgradeHtml(report);
  expect(page).toContain('rancher/klipper-helm:v0.9.8-build20250709');
  expect(page).toContain('shop &lt;b&gt;');
  expect(page).not.toContain('shop <b>');
});
