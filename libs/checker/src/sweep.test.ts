import type { ReachCell, RunEvent, Stamped } from '@faultline/history';
import { describe, expect, test } from 'vitest';
import { overlayBlocked } from './example.ts';
import type { Expectation, SweepLoss } from './expectation.ts';
import { judge } from './judge.ts';
import { dueOf } from './sweep.ts';
import { cutOff, swept } from './sweep-example.ts';
import type { Verdict } from './verdict.ts';

type Sweep = Extract<RunEvent, { type: 'sweep' }>;

/** agent-1's overlay is blocked for 20 s: a run with these three sweeps. */
function run(
  { before = swept('before'), during = BLOCKED, after = swept('after') }: Partial<Sweeps> = {},
  changes: Parameters<typeof overlayBlocked>[1] = {},
): readonly Stamped[] {
  const events = [
    { at: -6, event: before },
    { at: 18, event: during },
    { at: 24, event: after },
  ].flatMap(({ at, event }) => (event ? [{ at, event }] : []));
  return overlayBlocked(3, { events, ...changes });
}

type Sweeps = Record<'before' | 'during' | 'after', Sweep | null>;

const BLOCKED = swept('during', { lost: cutOff('agent-1') });
const OVERLAY_PATHS = ['pod-pod', 'pod-pod-large', 'pod-service', 'node-pod', 'node-service', 'dns'] as const;
const OVERLAY: readonly Expectation[] = [{ check: 'sweep', path: OVERLAY_PATHS, lost: 'cross-node-of-target' }];

const checkOf = (verdict: Verdict, name: RegExp) => verdict.checks.find(({ check }) => name.test(check));

describe('a sweep while the fault is in force', () => {
  test('that lost exactly what was declared passes', () => {
    const verdict = judge(run(), OVERLAY);
    expect(verdict).toMatchObject({ outcome: 'pass', reason: '21 of 48 cells were lost: exactly the 21 declared' });
    expect(checkOf(verdict, /nothing else/)).toMatchObject({
      outcome: 'pass',
      reason: 'none of 9 cells was lost, as declared',
    });
  });

  test('that lost another cell of the path fails, and names it', () => {
    const more = ({ path, from, to }: Pick<ReachCell, 'path' | 'from' | 'to'>) =>
      path === 'dns' && from === 'agent-0' ? 3 : cutOff('agent-1')({ path, from, to });
    expect(judge(run({ during: swept('during', { lost: more }) }), OVERLAY)).toMatchObject({
      outcome: 'fail',
      reason: '22 of 48 cells were lost, 21 are declared; not declared: dns agent-0 → server-0 (3 of 3 lost: timeout)',
    });
  });

  test('that lost a cell of a path which nobody declared fails', () => {
    const verdict = judge(run({ during: swept('during', { lost: cutOff('agent-1', []) }) }), OVERLAY);
    expect(verdict.outcome).toBe('fail');
    expect(checkOf(verdict, /nothing else/)?.reason).toMatch(
      /4 of 9 cells were lost, 0 are declared; not declared: pod-node/,
    );
  });

  test.for([
    ['nothing', () => 0],
    ['the wrong node', cutOff('agent-0')],
    ['only small answers', cutOff('agent-1', ['pod-node', 'pod-pod-large'])],
    [
      'some questions of each cell',
      (cell: Parameters<ReturnType<typeof cutOff>>[0]) => Math.min(2, cutOff('agent-1')(cell)),
    ],
  ] as const)('that lost %s fails', ([, lost]) => {
    const verdict = judge(run({ during: swept('during', { lost }) }), OVERLAY);
    expect(verdict).toMatchObject({ outcome: 'fail', reason: expect.stringContaining('declared, but not lost') });
  });

  test('by a dead node, which nobody could ask, is lost', () => {
    const cells = swept('during', { lost: cutOff('agent-1') }).cells.map((cell) =>
      cell.from === 'agent-1' ? { ...cell, asked: 0, lost: 0, detail: 'nobody could ask: it is dead' } : cell,
    );
    const dead: readonly Expectation[] = [
      { check: 'sweep', path: 'all', lost: 'from-target' },
      { check: 'sweep', path: OVERLAY_PATHS, lost: 'cross-node-to-target' },
    ];
    expect(judge(run({ during: { type: 'sweep', when: 'during', cells } }), dead).outcome).toBe('pass');
  });

  test('that nobody could ask, though its node was not struck, is not known', () => {
    const cells = BLOCKED.cells.map((cell) => (cell.from === 'agent-0' ? { ...cell, asked: 0, lost: 0 } : cell));
    expect(judge(run({ during: { ...BLOCKED, cells } }), OVERLAY)).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^16 cells could not be asked: .*agent-0 → server-0 \(not asked/),
    });
    expect(judge(run({ after: { ...BLOCKED, when: 'after', cells } }), OVERLAY).outcome).toBe('inconclusive');
  });

  test('that leaves out what was asked before does not know of it', () => {
    const part = (when: Sweep['when'], lost = cutOff('agent-1')) =>
      swept(when, { nodes: ['server-0', 'agent-1'], lost });
    expect(judge(run({ during: part('during') }), OVERLAY)).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/could not be asked: .*agent-0 \(not asked: not asked again\)/),
    });
    expect(judge(run({ after: part('after', () => 0) }), OVERLAY).outcome).toBe('inconclusive');
  });

  test('may lose by chance what is not to be judged', () => {
    const chance = swept('during', { lost: ({ path }) => (path === 'dns' ? 2 : 0) });
    const any: readonly Expectation[] = [{ check: 'sweep', path: 'dns', lost: 'any' }];
    expect(judge(run({ during: chance }), any)).toMatchObject({
      outcome: 'pass',
      reason: '0 of 3 cells were lost; none is judged',
    });
  });

  test('may lose by chance what leads to the target, and nothing else', () => {
    const any: readonly Expectation[] = [{ check: 'sweep', path: 'pod-node', lost: 'any-to-target' }];
    const losing = (lostTo: string) =>
      judge(
        run({ during: swept('during', { lost: ({ path, to }) => (path === 'pod-node' && to === lostTo ? 3 : 0) }) }),
        any,
      );
    expect(losing('agent-1')).toMatchObject({
      outcome: 'pass',
      reason: 'none of 6 cells was lost, as declared; of 3 that are not judged 3 were lost',
    });
    expect(losing('agent-0')).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining('not declared: pod-node'),
    });
  });

  test('is missed where the scenario expects something of it', () => {
    expect(judge(run({ during: null }), OVERLAY)).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('must watch `sweep`'),
    });
    const bare = (when: Sweep['when']) => swept(when, { paths: ['pod-pod'] });
    expect(
      judge(run({ before: bare('before'), during: bare('during') }), [{ check: 'sweep', path: 'dns', lost: 'none' }]),
    ).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('no cell of dns'),
    });
  });

  test('on a host that was too busy for the prober is no finding', () => {
    const wrong = swept('during', { lost: () => 3 });
    const after: Sweep = { ...wrong, when: 'after' };
    const verdict = judge(run({ during: wrong, after }, { lateMs: 900 }), OVERLAY);
    expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: expect.stringMatching(/^prober late/) });
    expect(checkOf(verdict, /reachability after/)?.reason).toMatch(/^after healing, .*; not judged: prober late/);
  });

  test('is shown and not judged where the scenario declares nothing', () => {
    const verdict = judge(run(), [{ check: 'reachability', lost: 'cross-node-of-target' }]);
    expect(verdict.outcome).toBe('pass');
    expect(checkOf(verdict, /nothing else/)).toBeUndefined();
  });
});

describe('before and after every cell is whole', () => {
  const oneLost = (when: Sweep['when']) =>
    swept(when, { lost: ({ path, from }) => (path === 'dns' && from === 'agent-0' ? 2 : 0) });
  const translated = (when: Sweep['when']): Sweep => ({
    ...swept(when),
    cells: swept(when).cells.map((cell) => (cell.path === 'pod-pod' ? { ...cell, sourceKept: false } : cell)),
  });

  test.for([oneLost, translated])('before: else it was never steady, and nothing else is judged', (wrong) => {
    const verdict = judge(run({ before: wrong('before') }), OVERLAY);
    expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: expect.stringMatching(/^never steady: /) });
    expect(checkOf(verdict, /^sweep/)?.reason).toMatch(/^not judged/);
  });

  test.for([oneLost, translated])('after: else something was left behind', (wrong) => {
    const verdict = judge(run({ after: wrong('after') }), OVERLAY);
    expect(verdict).toMatchObject({ outcome: 'fail', reason: expect.stringMatching(/^after healing, /) });
  });

  test('one answer in three may be late by chance', () => {
    const busy = swept('before', { lost: () => 1 });
    expect(judge(run({ before: busy, after: { ...busy, when: 'after' } }), OVERLAY).outcome).toBe('pass');
  });

  test('of a Service the source address may be translated', () => {
    const { cells } = swept('before');
    const before = { type: 'sweep', when: 'before' } as const;
    const through = cells.map((cell) => (cell.path === 'node-service' ? { ...cell, sourceKept: false } : cell));
    expect(judge(run({ before: { ...before, cells: through } }), OVERLAY).outcome).toBe('pass');
  });
});

describe('which cells a word declares', () => {
  const nodes = ['a', 'b', 'c'];
  const lostBy = (
    lost: Extract<Expectation, { check: 'sweep' }>['lost'],
    faults = [{ fault: 'fault-0', nodes: ['b'] }],
  ) =>
    swept('during', { nodes, paths: ['pod-pod'] })
      .cells.filter((cell) => dueOf(cell, [{ check: 'sweep', path: 'all', lost }], faults) === 'lost')
      .map(({ from, to }) => `${from}${to}`)
      .join(' ');

  const WORDS: Readonly<Record<SweepLoss, string>> = {
    none: '',
    any: '',
    'any-of-target': '',
    'any-to-target': '',
    all: 'aa ab ac ba bb bc ca cb cc',
    'all-cross-node': 'ab ac ba bc ca cb',
    'of-target': 'ab ba bb bc cb',
    'cross-node-of-target': 'ab ba bc cb',
    'to-target': 'ab bb cb',
    'cross-node-to-target': 'ab cb',
    'from-target': 'ba bb bc',
    'cross-node-from-target': 'ba bc',
  };
  test.for(Object.entries(WORDS) as [SweepLoss, string][])('%s with the target b: %s', ([word, cells]) => {
    expect(lostBy(word)).toBe(cells);
  });

  test('pairs by name', () => {
    expect(
      lostBy({
        pairs: [
          ['a', 'c'],
          ['c', 'a'],
        ],
      }),
    ).toBe('ac ca');
  });

  test('two targets that are cut off from the rest still reach each other', () => {
    expect(lostBy('cross-node-of-target', [{ fault: 'fault-0', nodes: ['b', 'c'] }])).toBe('ab ac ba ca');
  });

  test('a declaration of one fault is about its targets, and holds while it is in force', () => {
    const [cell] = swept('during', { nodes: ['a', 'b'], paths: ['dns'] }).cells;
    const declaration = { check: 'sweep', path: 'dns', lost: 'to-target', fault: 'fault-1' } as const;
    const [outer, inner] = [
      { fault: 'fault-0', nodes: ['b'] },
      { fault: 'fault-1', nodes: ['a'] },
    ];
    expect(dueOf(cell!, [declaration], [outer, inner])).toBe('lost');
    expect(dueOf(cell!, [declaration], [outer])).toBe('whole');
  });
});
