import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { endpointKilled, failedOver } from './example.ts';
import type { Expectation } from './expectation.ts';
import { judge } from './judge.ts';
import { parseSet, setJsonSchema } from './set-schema.ts';
import { compareSets, distribution, summarise, type SetRun } from './summarise.ts';
import { addressHeld } from './synthetic-address.ts';
import type { Verdict } from './verdict.ts';

const FAILOVER: Expectation = {
  check: 'failover',
  probe: 'edge-tcp',
  atLeastMs: 4900,
  medianMs: 5600,
  atMostMs: 7100,
  formula: 'memberlist: 1 s to probe, 4 s of suspicion',
};
const IDENTITY = {
  set: 'set-1',
  scenario: 'kill-the-announcing-node',
  cell: { backend: 'vxlan', loadBalancer: 'metallb-l2' },
  label: 'metallb-l2',
  command: 'faultline run kill-the-announcing-node --repeat 6',
  commit: null,
  dirty: false,
  versions: {},
};
const numbered = (verdicts: readonly Verdict[]): readonly SetRun[] =>
  verdicts.map((verdict, index) => ({ verdict, folder: `repeat-00${index + 1}` }));
const verdictOf = (seconds: number, seed = 1): Verdict => judge(failedOver(seed, seconds), [FAILOVER]);
const setOf = (...seconds: readonly number[]) => summarise(numbered(seconds.map(verdictOf)), IDENTITY);

const SIX = [5.1, 5.4, 5.6, 5.7, 6.2, 6.8];
const set = setOf(...SIX);
const tcp = set.probes.find(({ probe }) => probe === 'edge-tcp');

describe('a set of failovers', () => {
  test('has the distribution of what each probe missed, in the order of the runs', () => {
    expect(tcp?.outage?.values).toEqual(SIX.map((seconds) => expect.closeTo(seconds * 1000, -1.3)));
    expect(tcp?.outage?.median).toBeCloseTo(5650, -1.3);
    expect(tcp?.outage?.interval).toMatchObject({
      low: tcp?.outage?.least,
      high: tcp?.outage?.most,
      coverage: 0.96875,
    });
    expect(tcp?.outage?.p90).toBeNull();
    expect(tcp).toMatchObject({ neverEnded: 0, unharmed: 0 });
    expect(tcp?.lost).toBeCloseTo(200 * 34.8, -2);
  });

  test('is held against the envelope by its median', () => {
    expect(set.envelope).toMatchObject({ probe: 'edge-tcp', medianMs: 5600 });
    expect(set.ratio).toEqual({ probe: 'edge-tcp', value: expect.closeTo(5650 / 5600, 2) });
  });

  test('counts outcomes, complete timelines, and the times of each stage', () => {
    expect(set.counts).toEqual({ pass: 6, fail: 0, inconclusive: 0 });
    expect(set.runs[5]).toMatchObject({ folder: 'repeat-006', outcome: 'pass', seed: 6 - 1 });
    expect(set.complete).toEqual({ runs: 6, of: 6 });
    const owner = set.stages.find(({ stage }) => stage === 'new owner');
    expect(owner?.at?.values).toHaveLength(6);
    expect(owner?.missing).toEqual({});
  });

  test('counts what never ended, and does not average it', () => {
    const gone = setOf(5.5, 500);
    const probe = gone.probes.find((one) => one.probe === 'edge-tcp');
    expect(probe).toMatchObject({ neverEnded: 1, outage: { values: [expect.closeTo(5500, -1.3)] } });
    expect(gone.counts).toMatchObject({ pass: 1, fail: 1 });
    expect(gone.complete).toEqual({ runs: 1, of: 2 });
    expect(gone.stages.find(({ stage }) => stage === 'first TCP')?.missing).toEqual({
      'never came back while it was watched': 1,
    });
  });

  test('does not average what only healing ended, nor the stages that it brought', () => {
    const ended = verdictOf(5.5);
    const [fault] = ended.faults as [Verdict['faults'][number]];
    const healed: Verdict = { ...ended, faults: [{ ...fault, healBegin: (fault.inForce ?? 0) + 3000 }] };
    const both = summarise(numbered([ended, healed]), IDENTITY);
    const struck = both.probes.find(({ probe }) => probe === 'edge-tcp');
    expect(struck).toMatchObject({ neverEnded: 1, outage: { values: [expect.closeTo(5500, -1.3)] } });
    expect(struck?.back?.values).toHaveLength(1);
    const first = both.stages.find(({ stage }) => stage === 'first TCP');
    expect(first).toMatchObject({ missing: { 'not before the fault was healed': 1 } });
    expect(first?.at?.values).toHaveLength(1);
  });

  test('takes figures of failed runs, and none of inconclusive ones', () => {
    const slow = verdictOf(9);
    const doubtful: Verdict = { ...verdictOf(5.5), outcome: 'inconclusive' };
    const mixed = summarise(numbered([verdictOf(5.5), slow, doubtful]), IDENTITY);
    expect(mixed.counts).toEqual({ pass: 1, fail: 1, inconclusive: 1 });
    expect(mixed.probes.find(({ probe }) => probe === 'edge-tcp')?.outage?.values).toHaveLength(2);
    expect(mixed.complete.of).toBe(2);
  });

  test('counts runs with two owners, expected or not', () => {
    const address = addressHeld([
      { from: -Infinity, by: ['agent-0'] },
      { from: 8, by: ['agent-0', 'agent-1'] },
    ]);
    const split = failedOver(1, 5, { probes: [address.probe], events: address.events });
    const verdicts = [verdictOf(5), judge(split, []), judge(split, [{ check: 'owner', is: 'two' }])];
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'fail'].with(2, 'pass'));
    expect(summarise(numbered(verdicts), IDENTITY).splitBrain).toBe(2);
  });

  test('without a failover has no timeline and no ratio', () => {
    const events = endpointKilled(2).map((event) =>
      event.type === 'target' ? { ...event, selector: 'endpoint()' } : event,
    );
    const other = summarise(numbered([judge(events, [])]), IDENTITY);
    expect(other).toMatchObject({
      stages: [],
      complete: { runs: 0, of: 0 },
      envelope: null,
      ratio: null,
      splitBrain: 0,
    });
  });

  test('of no runs is empty', () => {
    expect(summarise([], IDENTITY)).toMatchObject({ runs: [], probes: [], ratio: null });
    expect(distribution([])).toBeNull();
  });
});

describe('two sets', () => {
  const slower = setOf(...SIX.map((seconds) => seconds + 2));

  test('differ where the interval of the shift leaves out zero', () => {
    const shift = compareSets(set, slower).find(({ probe }) => probe === 'edge-tcp');
    expect(shift).toMatchObject({ shift: expect.closeTo(2000, -2), differs: true });
    const back = compareSets(slower, set).find(({ probe }) => probe === 'edge-tcp');
    expect(back).toMatchObject({ shift: expect.closeTo(-2000, -2), differs: true });
  });

  test('do not differ from themselves, and are not compared where they are too small', () => {
    expect(compareSets(set, set).every(({ differs, low, high }) => !differs && low <= 0 && high >= 0)).toBe(true);
    expect(compareSets(set, setOf(5.5, 5.6))).toEqual([]);
  });
});

describe('set.json', () => {
  test('is read back as it was written', () => {
    expect(parseSet(JSON.stringify(set))).toEqual(set);
  });

  test('that is none is refused, with the field that is wrong', () => {
    expect(() => parseSet('{', 'runs/x/set.json')).toThrow(/^runs\/x\/set\.json: not JSON/);
    expect(() => parseSet(JSON.stringify({ ...set, label: 7 }))).toThrow(/label: /);
  });

  test('has the schema that is kept beside it', () => {
    const kept = readFileSync(new URL('../set.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(kept), 'write it again: see the README of checker').toEqual(
      JSON.parse(JSON.stringify(setJsonSchema())),
    );
  });
});
