/**
 * The words that scenario files are written in.
 *
 * A scenario is data: what cluster, what traffic, which faults, what is expected. It is checked when it is defined, and
 * an unknown word is an error that names the nearest known one, so that a typo can never become a silent pass.
 */
import { z } from 'zod';
import type { Expectation } from '@faultline/checker';
import {
  backends,
  controllers,
  loadBalancers,
  type BackendName,
  type ControllerName,
  type LoadBalancerName,
  type TrafficPolicy,
} from '@faultline/cluster/plan';
import type { FaultParameters, Selector } from '@faultline/fault/plan';
import type { Substrate } from '@faultline/history';
import { isDuration, type Duration } from './duration.ts';
import { expectedSchema } from './expectation-schema.ts';

/**
 * What is watched. `edge`: the address that clients use, on every layer. `others`: the Ingress at the other nodes' addresses.
 * `sweep`: who reaches whom, asked once before the faults, while they are in force, and after settling.
 */
export const PROBE_GROUPS = ['edge', 'others', 'pods', 'api', 'sweep'] as const;
export type ProbeGroup = (typeof PROBE_GROUPS)[number];

export interface FaultInput {
  /** One of the fault catalogue: `node-kill`, `node-pause`, `block-port`. */
  readonly kind: string;
  readonly parameters?: FaultParameters;
  readonly target: Selector;
  /**
   * From the begin of the measurement; a part uniform in [0, `jitter`) is added: no two runs meet a timer in one phase. What
   * is drawn for the first fault moves the others with it; they have none of their own unless told.
   */
  readonly after?: Duration;
  readonly jitter?: Duration;
  /** How long it stays in force and is watched. */
  readonly lasting: Duration;
  /**
   * `recovered`: at the latest after `lasting`, but as soon as what it broke has been good again for 10 s; no other fault may
   * begin meanwhile. `end` unless told.
   */
  readonly until?: 'end' | 'recovered';
  /** Whether it is healed then, and the recovery watched. A killed node may stay dead, as after a power cut. */
  readonly heal?: boolean;
}

/**
 * What is expected, as a scenario says it. `failover`: the address moves in the time that the load balancer's own settings
 * promise; the planner fills in which. Where it promises nothing, because its address never moves: `never-recovers`.
 */
export type Expected =
  | Exclude<Expectation, { check: 'failover' }>
  | { readonly check: 'failover'; readonly probe: string; readonly fault?: string };

/** What the n-th fault of a scenario is called. */
export const faultId = (index: number): string => `fault-${index}`;

export interface ExpectInput {
  /** The cells in which it must hold; every one where it is left out. All that match apply. */
  readonly when?: {
    readonly substrate?: Substrate;
    readonly backend?: BackendName;
    readonly loadBalancer?: LoadBalancerName;
    readonly controller?: ControllerName;
    readonly trafficPolicy?: TrafficPolicy;
  };
  readonly checks: readonly Expected[];
}

/** A scenario as a file writes it. */
export interface ScenarioInput {
  /** The file's name without `.scenario.ts`: words in lower case joined by hyphens. */
  readonly name: string;
  /** One sentence that a network engineer would say aloud. */
  readonly why: string;
  /** 1 to 7 servers, 0 to 20 agents. */
  readonly topology: { readonly servers: number; readonly agents: number };
  readonly matrix: {
    readonly substrate: readonly Substrate[];
    readonly backend: readonly BackendName[];
    readonly loadBalancer: readonly LoadBalancerName[];
    /** How the Ingress controller is laid out; as k3s installs it unless told. Only on k3s. */
    readonly controller?: readonly ControllerName[];
    /** externalTrafficPolicy of the Ingress controller's Service; Cluster unless told. Only on k3s. */
    readonly trafficPolicy?: readonly TrafficPolicy[];
  };
  /** What a load balancer must be able to do for this to be asked of it: cells of those that cannot are left out. */
  readonly features?: readonly string[];
  /** 1 to 60 replicas; spread over the nodes unless they are to stand on servers, where no struck agent takes one along. */
  readonly workload: { readonly replicas: number; readonly place?: 'spread' | 'servers'; readonly echo?: boolean };
  /** Where the Ingress controller may run. */
  readonly controllerPlace?: 'anywhere' | 'agents';
  readonly watch: readonly ProbeGroup[];
  /** At least one, called fault-0, fault-1, ... One that begins while another is in force ends within it, or together with it. */
  readonly faults: readonly FaultInput[];
  /** How long the steady state may take to come, before the fault and again after healing. */
  readonly steadyWithin?: Duration;
  readonly settleWithin?: Duration;
  readonly expect: readonly ExpectInput[];
}

/** A scenario that was checked, with its defaults. */
export interface Scenario extends Required<Omit<ScenarioInput, 'faults' | 'expect' | 'matrix' | 'workload'>> {
  readonly matrix: Required<ScenarioInput['matrix']>;
  readonly workload: Required<ScenarioInput['workload']>;
  readonly faults: readonly Required<FaultInput>[];
  readonly expect: readonly Required<ExpectInput>[];
}

const duration = z.custom<Duration>(
  (value) => typeof value === 'string' && isDuration(value),
  'expected a duration: 250ms, 30s, 2m',
);
const factors = {
  substrate: z.enum(['k3s', 'bare'] satisfies Substrate[]),
  backend: z.enum(Object.keys(backends) as BackendName[]),
  loadBalancer: z.enum(Object.keys(loadBalancers) as LoadBalancerName[]),
  controller: z.enum(Object.keys(controllers) as ControllerName[]),
  trafficPolicy: z.enum(['Cluster', 'Local'] satisfies TrafficPolicy[]),
};

const fault = z.strictObject({
  kind: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  target: z.union([
    z.strictObject({ select: z.enum(['announcer', 'endpoint', 'ingress', 'bystander']) }),
    z.strictObject({ select: z.enum(['agent', 'server', 'balancer']), index: z.int().min(0).max(19) }),
    z.strictObject({ select: z.literal('nodes') }),
    z.strictObject({ select: z.literal('named'), names: z.array(z.string()).min(1) }),
  ]),
  after: duration.default('5s'),
  jitter: duration.optional(),
  lasting: duration,
  until: z.enum(['end', 'recovered']).default('end'),
  heal: z.boolean().default(true),
});

const faults = z
  .array(fault)
  .min(1)
  .max(9)
  .transform((all) => all.map((one, index) => ({ ...one, jitter: one.jitter ?? (index === 0 ? '2s' : '0ms') })));

const schema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected words in lower case joined by hyphens'),
  why: z.string().min(1),
  topology: z.strictObject({ servers: z.int().min(1).max(7), agents: z.int().min(0).max(20) }),
  matrix: z.strictObject({
    substrate: z.array(factors.substrate).min(1),
    backend: z.array(factors.backend).min(1),
    loadBalancer: z.array(factors.loadBalancer).min(1),
    controller: z.array(factors.controller).min(1).default(['default']),
    trafficPolicy: z.array(factors.trafficPolicy).min(1).default(['Cluster']),
  }),
  features: z.array(z.string()).default([]),
  workload: z.strictObject({
    replicas: z.int().min(1).max(60),
    place: z.enum(['spread', 'servers']).default('spread'),
    echo: z.boolean().default(true),
  }),
  controllerPlace: z.enum(['anywhere', 'agents']).default('anywhere'),
  watch: z.array(z.enum(PROBE_GROUPS)).min(1),
  faults,
  steadyWithin: duration.default('60s'),
  settleWithin: duration.default('60s'),
  expect: z
    .array(
      z.strictObject({
        when: z.strictObject(factors).partial().default({}),
        checks: z.array(expectedSchema).min(1),
      }),
    )
    .min(1),
});

export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** Checks a scenario and fills in its defaults. @throws ScenarioError naming the field, the value and what is allowed. */
export function defineScenario(input: ScenarioInput): Scenario {
  const parsed = schema.safeParse(input);
  const name = typeof input?.name === 'string' ? input.name : 'a scenario without a name';
  if (!parsed.success) throw new ScenarioError(`scenario ${name}:\n${z.prettifyError(parsed.error)}`);
  // exactOptionalPropertyTypes and zod disagree on whether a key that is absent may be undefined; here it never is.
  const scenario = parsed.data as Scenario;
  const problems = misnamed(scenario);
  if (problems.length > 0) throw new ScenarioError(`scenario ${name}:\n${problems.join('\n')}`);
  return scenario;
}

/** Checks that are about no fault that there is, or about one that has to be said. */
function misnamed({ faults: all, expect }: Scenario): readonly string[] {
  const ids = all.map((_, index) => faultId(index));
  const allowed = `Allowed: ${ids.join(', ')}`;
  return expect.flatMap(({ checks }, group) =>
    checks.flatMap(({ check, fault: named }, index) => {
      const where = `expect[${group}].checks[${index}] (${check})`;
      if (named !== undefined && !ids.includes(named)) return [`✖ no fault "${named}". ${allowed}\n  → at ${where}`];
      const isOpen = check === 'failover' && named === undefined && ids.length > 1;
      return isOpen
        ? [`✖ of several faults a failover counts from one: fault is missing. ${allowed}\n  → at ${where}`]
        : [];
    }),
  );
}

export const announcer = (): Selector => ({ select: 'announcer' });
export const agent = (index: number): Selector => ({ select: 'agent', index });
export const server = (index: number): Selector => ({ select: 'server', index });
export const everyNode = (): Selector => ({ select: 'nodes' });
/** These nodes, all at once: `server-0`, `agent-1`. */
export const nodesNamed = (...names: readonly string[]): Selector => ({ select: 'named', names });
/** A node, and no server, that runs the Ingress controller. */
export const ingressNode = (): Selector => ({ select: 'ingress' });
/** A machine that could hold the address that clients use, but does not. */
export const bystander = (): Selector => ({ select: 'bystander' });
/** A node that runs an endpoint of the app, but neither the Ingress controller nor the address that clients use. */
export const nodeWithEndpoint = (): Selector => ({ select: 'endpoint' });
