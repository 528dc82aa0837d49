import type { RunEvent, Stamped } from '@faultline/history';
import { expect, test } from 'vitest';
import { failedOver } from './example.ts';
import { judge } from './judge.ts';

type Golden = Extract<RunEvent, { type: 'golden' }>;

const whole: Golden = {
  type: 'golden',
  node: 'agent-0',
  when: 'booted',
  backend: 'vxlan',
  checked: 26,
  missing: [],
  extra: [],
};
const stale = 'fdb 02:00:00:00:00:09 dev flannel.1 dst 198.18.7.19 permanent';
const machine = (name: string, role: 'agent' | 'balancer') => ({ name, role, address: '198.18.7.10', mac: name });
const lan: RunEvent = {
  type: 'lan',
  subnet: '198.18.7.0/24',
  machines: [machine('agent-0', 'agent'), machine('agent-1', 'agent'), machine('lb-0', 'balancer')],
  pool: null,
  virtualAddress: null,
};

const judged = (...events: readonly RunEvent[]) =>
  judge(
    failedOver(1, 5, { events: events.map((event) => ({ at: 1, event })) }) satisfies readonly Stamped[],
    [],
  ).checks.find(({ check }) => check === 'golden data plane');

test('a data plane that is what it should be on every node passes, with what was compared', () => {
  expect(judged(lan, whole, { ...whole, node: 'agent-1' })).toMatchObject({
    outcome: 'pass',
    reason: 'vxlan: 52 lines on 2 nodes after boot; none missing, none beyond',
  });
});

test('one line that nothing explains fails the run, and is written out', () => {
  expect(judged(whole, { ...whole, when: 'healed', extra: [stale] })).toMatchObject({
    outcome: 'fail',
    reason: `the data plane is not what it should be: agent-0 after healing has beyond it "${stale}"`,
  });
});

test('one line that is missing fails it as well', () => {
  expect(judged({ ...whole, missing: ['link flannel.1'] })?.reason).toContain('after boot lacks "link flannel.1"');
});

test('a node that was not compared is not known to be whole', () => {
  expect(judged(lan, whole)).toMatchObject({
    outcome: 'inconclusive',
    reason: 'not compared: the data plane of agent-1',
  });
});

test('where nothing was compared nothing is said', () => {
  expect(judged(lan)).toBeUndefined();
});
