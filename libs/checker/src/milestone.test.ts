/** "All good again": when nothing more was lost, which may be later than the end of the failover. */
import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import { syntheticRun, type SyntheticFault, type SyntheticProbe } from './synthetic-run.ts';

const KILLED: SyntheticFault = { kind: 'node-kill', nodes: ['agent-0'], takesMs: 10, lasting: null };

function verdictOf(sees: SyntheticProbe['sees'], fault = KILLED) {
  const probe: SyntheticProbe = { name: 'edge-http-new', layer: 'http', rateHz: 100, sees };
  const events = syntheticRun({ seed: 1, before: 10, lasting: 60, fault, probes: [probe] });
  const target = events.map((event) => (event.type === 'target' ? { ...event, selector: 'announcer()' } : event));
  return judge(target, []);
}

const goodAgain = (verdict: ReturnType<typeof judge>): number | undefined =>
  verdict.milestones.find(({ what }) => what === 'all good again')?.at.estimate;
const steadyAt = ({ timeline }: ReturnType<typeof judge>) => timeline.find(({ stage }) => stage === 'steady')?.at;

const outage = { from: 0, to: 3, result: 'timeout' } as const;
const laterShare = { from: 8, to: 12, result: 'http-502', share: 0.3 } as const;

test('a share that is lost some seconds after the outage puts "all good again" off, and not the failover', () => {
  const verdict = verdictOf([outage, laterShare]);
  const [probe] = verdict.probes;
  expect((probe?.failover?.estimate ?? 0) / 1000).toBeCloseTo(3, 0);
  expect((goodAgain(verdict) ?? 0) / 1000).toBeCloseTo(12, 0);
  expect((steadyAt(verdict)?.estimate ?? 0) / 1000).toBeCloseTo(12, 0);
});

test('without it all is good at the end of the outage', () => {
  expect((goodAgain(verdictOf([outage])) ?? 0) / 1000).toBeCloseTo(3, 1);
});

test('a few samples lost later are of the host', () => {
  const few = { from: 20, to: 20.05, result: 'timeout' } as const;
  expect((goodAgain(verdictOf([outage, few])) ?? 0) / 1000).toBeCloseTo(3, 1);
});

test('what healing costs puts "all good again" off, and is no part of the failover', () => {
  const back = { from: 30, to: 31, result: 'refused' } as const;
  const verdict = verdictOf([outage, back], { ...KILLED, lasting: 30 });
  expect((goodAgain(verdict) ?? 0) / 1000).toBeCloseTo(31, 1);
  expect((steadyAt(verdict)?.estimate ?? 0) / 1000).toBeCloseTo(3, 1);
});

test('where a share is lost to the end nothing is good again, though the outage is over', () => {
  const verdict = verdictOf([outage, { ...laterShare, from: 45, to: 50 }]);
  expect(verdict.probes[0]?.failover).not.toBeNull();
  expect(goodAgain(verdict)).toBeUndefined();
});
