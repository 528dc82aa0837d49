/**
 * An incident of the track record: something that happened to people, with the thread in which they told of it, and the question by
 * which we see it again.
 *
 * The question is asked twice: of what had the incident (`here`), and of a control that must not show it. A sign that both
 * show tells nothing. The record names what is asked by what there is already: a scenario and its cell, an upgrade with
 * manifests, or a claim about k3s with its twin.
 */
import { z } from 'zod';
import type { Expectation } from '@faultline/checker';

export const SIDES = ['here', 'control'] as const;
export type Side = (typeof SIDES)[number];

/** A run of a scenario, in words and as its command line says it. */
export interface RunOf {
  /** What it is, for people: `kube-vip, the cable out for 19 s`. */
  readonly is: string;
  readonly scenario: string;
  /** The factors of the cell, as the scenario's matrix names them. */
  readonly cell: Readonly<{
    substrate: 'k3s' | 'bare';
    backend: string;
    loadBalancer: string;
    controller?: string;
    trafficPolicy?: string;
  }>;
}

/** An upgrade of manifests. */
export interface UpgradeOf {
  readonly is: string;
  /** A file or folder, from the root of the repository. */
  readonly manifests: string;
}

export type Asked =
  /** Shown where the sign passes on the history of the run. */
  | {
      readonly by: 'scenario';
      readonly sign: Expectation;
      readonly k3s: string;
      readonly here: RunOf;
      readonly control: RunOf;
    }
  /** Shown where the upgrade ends like this. */
  | {
      readonly by: 'upgrade';
      readonly sign: 'broken' | 'stuck';
      readonly from: string;
      readonly to: string;
      readonly here: UpgradeOf;
      readonly control: UpgradeOf;
    }
  /** Shown where the claim holds. Its check is the incident, its twin the control; a name that begins with A is of the ledger. */
  | {
      readonly by: 'claim';
      readonly claim: string;
      readonly k3s: string;
      readonly here: { readonly is: string };
      readonly control: { readonly is: string };
    };

export interface Incident {
  /** The file's name without `.incident.ts`. */
  readonly name: string;
  /** What happened, in half a line. */
  readonly title: string;
  /** Public threads in which people told of it: https addresses. */
  readonly threads: readonly string[];
  /** What they saw, in our words. */
  readonly saw: string;
  /** What has to be seen for it to count as reproduced, as a sentence. */
  readonly sign: string;
  /** Where what is asked is not all that they saw. */
  readonly limit?: string;
  readonly asked: Asked;
}

const side = { is: z.string().min(1) };
const runOf = z.strictObject({
  ...side,
  scenario: z.string(),
  cell: z.strictObject({
    substrate: z.enum(['k3s', 'bare']),
    backend: z.string(),
    loadBalancer: z.string(),
    controller: z.string().optional(),
    trafficPolicy: z.string().optional(),
  }),
});
const upgradeOf = z.strictObject({ ...side, manifests: z.string() });
const k3s = z.string().regex(/^v\d+\.\d+\.\d+\+k3s\d+$/, 'expected a release: v1.33.3+k3s1');

const schema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected words in lower case joined by hyphens'),
  title: z.string().min(1),
  threads: z.array(z.url({ protocol: /^https$/ })).min(1),
  saw: z.string().min(1),
  sign: z.string().min(1),
  limit: z.string().optional(),
  asked: z.discriminatedUnion('by', [
    z.strictObject({
      by: z.literal('scenario'),
      sign: z.custom<Expectation>((value) => typeof value === 'object' && value !== null && 'check' in value),
      k3s,
      here: runOf,
      control: runOf,
    }),
    z.strictObject({
      by: z.literal('upgrade'),
      sign: z.enum(['broken', 'stuck']),
      from: k3s,
      to: k3s,
      here: upgradeOf,
      control: upgradeOf,
    }),
    z.strictObject({
      by: z.literal('claim'),
      claim: z.string(),
      k3s,
      here: z.strictObject(side),
      control: z.strictObject(side),
    }),
  ]),
});

export class IncidentError extends Error {
  override readonly name = 'IncidentError';
}

/** Checks a record. @throws IncidentError naming the field, the value and what is allowed. */
export function defineIncident(input: Incident): Incident {
  const parsed = schema.safeParse(input);
  const name = typeof input?.name === 'string' ? input.name : 'an incident without a name';
  if (!parsed.success) throw new IncidentError(`incident ${name}:\n${z.prettifyError(parsed.error)}`);
  // zod and exactOptionalPropertyTypes disagree on whether an absent key may be undefined; here it never is.
  return parsed.data as Incident;
}

/** The command that asks one side, word by word, without `faultline`: who runs it sees what we saw. */
export function commandOf({ name, asked }: Incident, which: Side): readonly string[] {
  if (asked.by === 'scenario') {
    const { scenario, cell } = asked[which];
    return ['run', scenario, ...cellWords(cell), ...(cell.substrate === 'k3s' ? ['--k3s', asked.k3s] : [])];
  }
  if (asked.by === 'upgrade') {
    const { manifests } = asked[which];
    return ['upgrade', '--from', asked.from, '--to', asked.to, '--manifests', manifests, '--cases', 'none'];
  }
  // Both sides are asked of one cluster.
  return ['incidents', name, '--run'];
}

const FACTORS = { loadBalancer: '--lb', controller: '--controller', trafficPolicy: '--traffic-policy' } as const;

function cellWords({ substrate, backend, ...others }: RunOf['cell']): readonly string[] {
  const more = Object.entries(others).flatMap(([factor, value]) => [FACTORS[factor as keyof typeof FACTORS], value]);
  return ['--substrate', substrate, '--backend', backend, ...more];
}

/** What was looked for, in one line: a result of another sign answers another question. */
export const signOf = ({ asked }: Incident): string =>
  asked.by === 'claim' ? `${asked.claim} on ${asked.k3s}` : JSON.stringify(asked.sign);
