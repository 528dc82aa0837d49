/**
 * The words that scenario files are written in.
 *
 * A scenario is data: what cluster, what traffic, which fault, what is expected. It is checked when it is defined, and
 * an unknown word is an error that names the nearest known one, so that a typo can never become a silent pass.
 */
import { z } from 'zod';
import type { Expectation } from '@faultline/checker';
import { backends, loadBalancers, type BackendName, type LoadBalancerName } from '@faultline/cluster/plan';
import { isDuration, type Duration } from './duration.ts';

const duration = z.custom<Duration>((value) => typeof value === 'string' && isDuration(value), 'expected a duration: 250ms, 30s, 2m');
const substrate = z.enum(['k3s', 'bare']);
const backend = z.enum(Object.keys(backends) as BackendName[]);
const loadBalancer = z.enum(Object.keys(loadBalancers) as LoadBalancerName[]);

const selector = z.union([
  z.strictObject({ select: z.literal('announcer') }),
  z.strictObject({ select: z.literal('endpoint') }),
  z.strictObject({ select: z.enum(['agent', 'server']), index: z.int().min(0).max(19) }),
]);

const fault = z.strictObject({
  kind: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  target: selector,
  /** From the begin of the measurement; a random part, uniform in [0, `jitter`), is added, so that no run meets the same phase of a timer. */
  after: duration.default('5s'),
  jitter: duration.default('2s'),
  /** How long it stays in force and is watched. */
  lasting: duration,
  /** Whether it is healed then, and the recovery watched. A killed node may stay dead, as after a power cut. */
  heal: z.boolean().default(true),
});

/** What is watched. `edge`: the address that clients use, on every layer. `others`: the Ingress at the other nodes' addresses. */
export const PROBE_GROUPS = ['edge', 'others', 'pods', 'api'] as const;
export type ProbeGroup = (typeof PROBE_GROUPS)[number];

const schema = z.strictObject({
  /** The file's name without `.scenario.ts`. */
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected words in lower case joined by hyphens'),
  /** One sentence that a network engineer would say aloud. */
  why: z.string().min(1),
  topology: z.strictObject({ servers: z.int().min(1).max(7), agents: z.int().min(0).max(20) }),
  matrix: z.strictObject({
    substrate: z.array(substrate).min(1),
    backend: z.array(backend).min(1),
    loadBalancer: z.array(loadBalancer).min(1),
  }),
  workload: z.strictObject({ replicas: z.int().min(1).max(60) }),
  watch: z.array(z.enum(PROBE_GROUPS)).min(1),
  fault,
  /** How long the steady state may take to come: before the fault, and again after healing. */
  steadyWithin: duration.default('60s'),
  settleWithin: duration.default('60s'),
  /** What must hold, in the cells that `when` matches (every one, where it is left out). All that match apply. */
  expect: z
    .array(
      z.strictObject({
        when: z.strictObject({ substrate, backend, loadBalancer }).partial().default({}),
        checks: z.custom<Expectation[]>((value) => Array.isArray(value) && value.every((one) => typeof one?.check === 'string')),
      }),
    )
    .min(1),
});

export type Scenario = z.output<typeof schema>;
export type ScenarioInput = z.input<typeof schema>;

export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** Checks a scenario and fills in its defaults. @throws ScenarioError naming the field, the value and what is allowed. */
export function defineScenario(input: ScenarioInput): Scenario {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const name = typeof input?.name === 'string' ? input.name : 'a scenario without a name';
  throw new ScenarioError(`scenario ${name}:\n${z.prettifyError(parsed.error)}`);
}

export const announcer = () => ({ select: 'announcer' }) as const;
export const agent = (index: number) => ({ select: 'agent', index }) as const;
export const server = (index: number) => ({ select: 'server', index }) as const;
/** A node that runs an endpoint of the app, but neither the Ingress controller nor the address that clients use. */
export const nodeWithEndpoint = () => ({ select: 'endpoint' }) as const;
