import { expect, test } from 'vitest';
import { judgeUpgrade } from './judge.ts';
import { asked, begin, historyOf, node, probe, serves, stepOf, UPGRADE, type Told } from './synthetic.ts';

/** A node is replaced, and both lists are asked. */
const whole: readonly Told[] = [
  begin,
  stepOf('old', 'begin', -9),
  asked('old', 'shop', 200, -8),
  stepOf('old', 'end', -7),
  serves('2.11.18', -6),
  node('server-0', 'begin', 0),
  node('server-0', 'end', 20),
  stepOf('after', 'begin', 60),
  stepOf('after', 'end', 62),
];

const judged = (...told: readonly Told[]) => judgeUpgrade(historyOf([...whole, ...told]), UPGRADE);

const failing: Told = [
  50,
  {
    type: 'upgrade.helm',
    job: 'helm-install-traefik',
    chart: 'traefik-34.2.1+up34.2.0.tgz',
    attempts: 4,
    state: 'failing',
    node: 'agent-1',
    detail: 'ImagePullBackOff: rancher/klipper-helm:v0.9.8-build20250709',
  },
];

test('an upgrade after which the new Traefik answers as the old one did is upgraded', () => {
  const { outcome, reason } = judged(asked('after', 'shop', 200, 61), serves('3.3.6', 40));
  expect(outcome).toBe('upgraded');
  expect(reason).toContain('3.3.6');
});

test('where the old Traefik goes on serving and the job fails, it is stuck, and says of what the job fails', () => {
  const { outcome, reason } = judged(asked('after', 'shop', 200, 61), failing);
  expect(outcome).toBe('stuck');
  expect(reason).toContain('ImagePullBackOff: rancher/klipper-helm');
});

test('what was answered and is 404 afterwards breaks it, whichever Traefik serves', () => {
  for (const version of ['2.11.18', '3.3.6']) {
    const { outcome, reason } = judged(asked('after', 'shop', 404, 61), serves(version, 40));
    expect(outcome).toBe('broken');
    expect(reason).toContain('shop');
  }
});

test('an answer that is another one, and still an answer, is a change and breaks nothing', () => {
  const { outcome, cases } = judged(asked('after', 'shop', 301, 61), serves('3.3.6', 40));
  expect(outcome).toBe('upgraded');
  expect(cases[0]?.changed).toBe(true);
});

test('what was 404 before and is 404 afterwards was never served: nothing is broken', () => {
  const told = [asked('old', 'gone', 404, -8), asked('after', 'gone', 404, 61), serves('3.3.6', 40)];
  expect(judged(asked('after', 'shop', 200, 61), ...told).outcome).toBe('upgraded');
});

test('no ready Traefik at all is broken, even where nothing was asked of it', () => {
  expect(judged([40, { type: 'upgrade.traefik', ready: {} }]).outcome).toBe('broken');
});

test('clients that are not served steadily afterwards break it', () => {
  const unsteady: Told = [70, { type: 'steady', when: 'after', ok: false, detail: 'agent-0-http-new http-404' }];
  expect(judged(asked('after', 'shop', 200, 61), serves('3.3.6', 40), unsteady).outcome).toBe('broken');
});

test('whether a Traefik was on the node that is away is read from what was last heard of its pods', () => {
  const pod = (name: string, verb: 'ADDED' | 'DELETED', on: string, at: number): Told => [
    at,
    { type: 'watch', kind: 'Pod', verb, namespace: 'kube-system', name, summary: { ready: true, node: on } },
  ];
  const causesWith = (...told: readonly Told[]) =>
    judged(...probe('agent-0', { 3: 'http-502' }, 60), ...told).requests.causes.map(({ cause }) => cause);
  expect(causesWith(pod('traefik-a', 'ADDED', 'server-0', -5))).toEqual(['server-0 away: a Traefik ran on it']);
  expect(causesWith(pod('traefik-a', 'ADDED', 'agent-1', -5))).toEqual(['server-0 away: an endpoint ran on it']);
  expect(causesWith(pod('traefik-a', 'ADDED', 'server-0', -5), pod('traefik-a', 'DELETED', 'server-0', -4))).toEqual([
    'server-0 away: an endpoint ran on it',
  ]);
});

test('a list that was wrong before the upgrade says nothing of it', () => {
  const wrong = (step: 'old' | 'after', atS: number): Told => [
    atS,
    { type: 'upgrade.asked', step, case: 'shop', what: 'again', saw: '404', statuses: [404], asExpected: false },
  ];
  const { outcome, reason } = judged(wrong('old', -8), wrong('after', 61), serves('3.3.6', 40));
  expect(outcome).toBe('inconclusive');
  expect(reason).toContain('1 of 2 answers were not as expected before the upgrade: again: 404');
});

test('a Helm job that was done before and is not tried again is no job of the upgrade', () => {
  const done = (atS: number, attempts: number): Told => [
    atS,
    {
      type: 'upgrade.helm',
      job: 'helm-install-traefik',
      chart: 'traefik-27.tgz',
      attempts,
      state: 'complete',
      node: null,
      detail: '',
    },
  ];
  expect(judged(done(-5, 1), done(22, 1)).helm).toEqual([]);
  expect(judged(done(-5, 1), done(22, 2)).helm).toMatchObject([{ attempts: 2, state: 'complete' }]);
});

test('a history that ends before the list was asked again is inconclusive', () => {
  const cut = historyOf([
    begin,
    node('server-0', 'begin', 0),
    [9, { type: 'run.end', outcome: 'failed', error: 'no disk' }],
  ]);
  expect(judgeUpgrade(cut, UPGRADE)).toMatchObject({
    outcome: 'inconclusive',
    reason: expect.stringContaining('no disk'),
  });
});

test('lint is held against what was seen: hits, misses and false alarms are counted', () => {
  const alarm = (name: string): Told => [
    -9.5,
    {
      type: 'upgrade.predicted',
      case: name,
      rule: 'rule-multiple-values',
      severity: 'breaks',
      object: 'IngressRoute default/a',
      path: 'spec.routes[0].match',
      message: 'it breaks',
    },
  ];
  const told = ['hit', 'missed', 'false'].flatMap((name) => [
    asked('old', name, 200, -8),
    asked('after', name, name === 'false' ? 200 : 404, 61),
  ]);
  const { prediction } = judged(asked('after', 'shop', 200, 61), ...told, alarm('hit'), alarm('false'));
  expect(prediction).toEqual({ right: 2, missed: ['missed'], falseAlarms: ['false'], precision: 0.5, recall: 0.5 });
});

test('a lost request is counted with the first cause that fits, and what was lost before the upgrade is not counted', () => {
  const traefik: Told = [
    30,
    {
      type: 'watch',
      kind: 'Pod',
      verb: 'ADDED',
      namespace: 'kube-system',
      name: 'traefik-7f',
      summary: { ready: false },
    },
  ];
  const before: Told = [
    -0.5,
    { type: 'samples', probe: 'server-0-http-new', rows: [[900, 9e9, 9e9, 1e6, 'timeout', null]] },
  ];
  const { requests } = judged(
    ...probe('server-0', { 3: 'timeout', 4: 'no-route', 31: 'http-404', 55: 'reset' }, 60),
    ...probe('agent-0', { 3: 'http-502' }, 60),
    traefik,
    before,
  );
  expect(requests.lost).toBe(5);
  expect(Object.fromEntries(requests.causes.map(({ cause, lost }) => [cause, lost]))).toEqual({
    'server-0 away: its own address': 2,
    'server-0 away: an endpoint ran on it': 1,
    'Traefik is replaced': 1,
    'none of these': 1,
  });
});
