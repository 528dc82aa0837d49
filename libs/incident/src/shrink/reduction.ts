/** What a case can be made smaller by: each a dimension, in the order in which it pays to try. */
import { milliseconds, type Duration, type Scenario } from '@faultline/scenario/plan';
import { withFault, withFaults, type ShrinkCase } from './case.ts';
import { ddmin, lowest, type Answer } from './ddmin.ts';

/** Whether a smaller case fails as the whole one did. What fails is the best so far from then on. */
export type Ask = (candidate: ShrinkCase) => Promise<Answer>;

export interface Reduction {
  /** In the plural, as progress says it: `faults`. */
  readonly what: string;
  /** @returns a case that fails, and of which nothing more can be taken along this dimension. */
  readonly reduce: (from: ShrinkCase, ask: Ask) => Promise<ShrinkCase>;
}

const placesOf = (all: readonly unknown[]): readonly number[] => all.map((_, place) => place);

/** Whatever can be taken away one by one. */
function parts(
  what: string,
  of: (from: ShrinkCase) => readonly unknown[],
  keep: (from: ShrinkCase, places: readonly number[]) => ShrinkCase,
  least: number,
): Reduction {
  return {
    what,
    reduce: async (from, ask) => {
      const all = placesOf(of(from));
      const kept = await ddmin(all, (places) => ask(keep(from, places)), { least: Math.min(least, all.length) });
      return kept.length === all.length ? from : keep(from, kept);
    },
  };
}

/** A value that can be lower: the values below it, rising. */
interface Dial<T> {
  readonly values: readonly T[];
  readonly set: (value: T) => ShrinkCase;
}

/** Every dial of this kind that the case has, one after the other. */
function dials<T>(what: string, of: (from: ShrinkCase) => readonly ((now: ShrinkCase) => Dial<T>)[]): Reduction {
  return {
    what,
    reduce: async (from, ask) => {
      let best = from;
      for (const dialOf of of(from)) {
        const { values, set } = dialOf(best);
        const found = await lowest(values, (value) => ask(set(value)));
        if (found !== undefined) best = set(found);
      }
      return best;
    },
  };
}

const upTo = (least: number, below: number): readonly number[] =>
  Array.from({ length: Math.max(0, below - least) }, (_, index) => least + index);

const scenarioOf = (from: ShrinkCase, change: Partial<Scenario>): ShrinkCase => ({
  ...from,
  scenario: { ...from.scenario, ...change },
});

const faults = parts(
  'faults',
  ({ scenario }) => scenario.faults,
  (from, places) => ({ ...from, scenario: withFaults(from.scenario, places) }),
  1,
);

const objects = parts(
  'objects',
  (from) => from.objects,
  (from, places) => ({ ...from, objects: places.flatMap((place) => from.objects[place] ?? []) }),
  0,
);

const expectations = parts(
  'checks',
  ({ scenario }) => scenario.expect.flatMap(({ checks }) => checks),
  (from, places) => {
    const checks = from.scenario.expect.flatMap((group) => group.checks);
    return scenarioOf(from, { expect: [{ when: {}, checks: places.flatMap((place) => checks[place] ?? []) }] });
  },
  1,
);

const watches = parts(
  'probe groups',
  ({ scenario }) => scenario.watch,
  (from, places) => scenarioOf(from, { watch: places.flatMap((place) => from.scenario.watch[place] ?? []) }),
  1,
);

/** A target by a lower index lets nodes go that stand above it. */
const targets = dials('targets', ({ scenario }) =>
  scenario.faults.map((_, place) => (now: ShrinkCase) => {
    const target = now.scenario.faults[place]?.target;
    const select = target?.select;
    const isNumbered = target && 'index' in target;
    return {
      values: isNumbered ? upTo(0, target.index) : [],
      set: (index: number) =>
        select === 'agent' || select === 'server' || select === 'balancer'
          ? { ...now, scenario: withFault(now.scenario, place, { target: { select, index } }) }
          : now,
    };
  }),
);

const nodes = dials('nodes', () =>
  (['agents', 'servers'] as const).map((role) => (now: ShrinkCase) => ({
    // Agents can be none; etcd has one server or at least three: two are refused when it is planned.
    values: upTo(role === 'agents' ? 0 : 1, now.scenario.topology[role]),
    set: (many: number) => scenarioOf(now, { topology: { ...now.scenario.topology, [role]: many } }),
  })),
);

const replicas = dials('replicas', () => [
  (now: ShrinkCase) => ({
    values: upTo(1, now.scenario.workload.replicas),
    set: (many: number) => scenarioOf(now, { workload: { ...now.scenario.workload, replicas: many } }),
  }),
]);

/** Seconds. A run takes minutes whatever it lasts: more steps than these would cost more than they save. */
const LADDER = [0, 1, 2, 5, 10, 20, 30, 60, 120, 300] as const;
const LEAST = { lasting: 1, after: 0, jitter: 0 } as const;

const durations = dials('durations', ({ scenario }) =>
  scenario.faults.flatMap((_, place) =>
    (['lasting', 'after', 'jitter'] as const).map((field) => (now: ShrinkCase) => {
      const is = milliseconds(now.scenario.faults[place]?.[field] ?? '0ms') / 1000;
      return {
        values: LADDER.filter((seconds) => seconds >= LEAST[field] && seconds < is),
        set: (seconds: number) => {
          const change = { [field]: `${seconds}s` as Duration };
          return { ...now, scenario: withFault(now.scenario, place, change) };
        },
      };
    }),
  ),
);

/** What is set in a way that it need not be: tried without. */
const settings = dials('settings', () => {
  const plain: readonly ((now: Scenario) => Partial<Scenario> | undefined)[] = [
    ({ matrix }) =>
      matrix.controller[0] === 'default' ? undefined : { matrix: { ...matrix, controller: ['default'] } },
    ({ matrix }) =>
      matrix.trafficPolicy[0] === 'Cluster' ? undefined : { matrix: { ...matrix, trafficPolicy: ['Cluster'] } },
    ({ controllerPlace }) => (controllerPlace === 'anywhere' ? undefined : { controllerPlace: 'anywhere' }),
    ({ workload }) => (workload.place === 'spread' ? undefined : { workload: { ...workload, place: 'spread' } }),
    ({ workload }) => (workload.echo ? { workload: { ...workload, echo: false } } : undefined),
  ];
  return plain.map((changeOf) => (now: ShrinkCase) => {
    const change = changeOf(now.scenario);
    return { values: change ? [change] : [], set: (value: Partial<Scenario>) => scenarioOf(now, value) };
  });
});

/** Faults and objects first: with each that goes, everything after it is cheaper. */
export const REDUCTIONS: readonly Reduction[] = [
  faults,
  objects,
  targets,
  nodes,
  replicas,
  expectations,
  durations,
  watches,
  settings,
];
