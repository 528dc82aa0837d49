/**
 * Looks at faults from outside of those that injected them: what is there against what the plan comes to, on the machines
 * that were meant and on all others, and whether what must be left alone still answers.
 */
import type { ClusterNode } from '@faultline/cluster';
import { DeadlineError, done, notYet, onAll, waitFor } from '@faultline/control';
import type { EventOf } from '@faultline/history';
import { askMachines, type Control } from './alive.ts';
import { residue } from './dataplane.ts';
import { faultKind } from './plan-fault.ts';
import type { Glance, SceneCluster } from './kind/act.ts';
import { glimpse, type Baseline } from './snapshot.ts';
import type { Struck } from './active.ts';
import type { FaultPlan } from './spec.ts';

export type Look = Omit<EventOf<'fault.look'>, 'type' | 'fault' | 'seq' | 'at' | 'wall'>;

/** A fault as looks know it. */
export interface Looked {
  readonly plan: FaultPlan;
  readonly struck: readonly Struck[];
}

export interface Scope {
  readonly baseline: Baseline;
  readonly cluster?: SceneCluster;
  /** Every fault that is in force, the one looked at among them. */
  readonly inForce: () => readonly Looked[];
}

/** A look while it is in force. At the end it is at every machine, otherwise at the struck ones: that disturbs least. */
export async function lookAt(
  fault: Looked,
  when: 'injected' | 'between' | 'end',
  scope: Scope,
  signal: AbortSignal,
): Promise<Look> {
  const { plan, struck } = fault;
  const [glances, differs, control] = await Promise.all([
    onAll(struck, async ({ name, prepared }) => ({ name, glance: await prepared.look?.(signal) })),
    differences(when === 'end' ? scope.baseline.machines : struck.map(({ node }) => node), scope, signal),
    controlOf(scope, signal),
  ]);
  const seen = glances.flatMap(({ name, glance }) => (glance ? [{ name, ...glance }] : []));
  return {
    when,
    state: seen.length === 0 ? null : seen.every(({ state }) => state),
    planned: plannedOf(struck),
    differs,
    identity: byMachine(seen, 'identity'),
    acted: byMachine(seen, 'acted'),
    ...control,
    detail:
      seen.map(({ name, detail }) => `${name}: ${detail}`).join('; ') || `${plan.kind} is looked at only at its end`,
  };
}

const NOTHING = { state: null, planned: null, differs: [], identity: {}, acted: {} } as const;

/** A look that could not be had: what was not seen is not there. */
export function unseen(when: Look['when'], error: unknown): Look {
  const reason = error instanceof Error ? error.message : String(error);
  return { when, ...NOTHING, alive: [], dead: [], state: false, detail: `cannot be looked at: ${reason}` };
}

/** A machine that was started again answers a moment later. */
const BACK_MS = 5_000;

/** After healing, the struck machines are a control as well: they answer again. One that was to stay dead need not. */
export async function lookAfter({ plan, struck }: Looked, scope: Scope): Promise<Look> {
  const dead = plan.parameters['restart'] === false ? struck.map(({ name }) => name) : [];
  let control: Control = { alive: [], dead: [] };
  await waitFor(
    'every machine answers again',
    async (signal) => {
      control = await controlOf(scope, signal, dead);
      return control.dead.length === 0 ? done(undefined) : notYet(`${control.dead.join(', ')} silent`);
    },
    { withinMs: BACK_MS },
  ).catch((error: unknown) => {
    if (!(error instanceof DeadlineError) || control.dead.length === 0) throw error;
  });
  return { when: 'healed', ...NOTHING, ...control, detail: 'asked after healing, the struck machines as well' };
}

function plannedOf(struck: readonly Struck[]): number | null {
  const known = struck.flatMap(({ footprint }) => footprint ?? []);
  return struck.some(({ footprint }) => footprint) ? known.length : null;
}

function byMachine<K extends 'identity' | 'acted'>(
  seen: readonly (Glance & { readonly name: string })[],
  key: K,
): Record<string, NonNullable<Glance[K]>> {
  return Object.fromEntries(seen.flatMap((one) => (one[key] === undefined ? [] : [[one.name, one[key]]])));
}

async function differences(
  machines: readonly ClusterNode[],
  { baseline, inForce }: Scope,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found = await onAll(machines, async (node) => {
    const before = baseline.of(node.name);
    const own = inForce().flatMap(({ struck }) => struck.filter(({ name }) => name === node.name));
    const footprints = own.flatMap(({ footprint }) => footprint ?? []);
    // A kind whose lines are not known may have left any; what is known of the others must be there all the same.
    const isOpen = own.some(({ footprint }) => footprint === undefined);
    if (!before || (isOpen && footprints.length === 0)) return [];
    const after = await glimpse(node, signal);
    const lines = isOpen
      ? residue(footprints, after).filter((line) => line.startsWith('-'))
      : residue([...before, ...footprints], after);
    return lines.map((line) => `${node.name}: ${line}`);
  });
  return found.flat();
}

/** Every machine that answered before and that no fault in force keeps from answering. */
async function controlOf(
  { baseline, cluster, inForce }: Scope,
  signal: AbortSignal,
  spared: readonly string[] = [],
): Promise<Control> {
  if (!cluster) return { alive: [], dead: [] };
  const silenced = inForce().filter(({ plan }) => !faultKind(plan.kind).sparesPing);
  const names = new Set([...spared, ...silenced.flatMap(({ struck }) => struck.map(({ name }) => name))]);
  const asked = baseline.machines.filter(({ name }) => !names.has(name));
  return await askMachines(cluster.client, asked, signal);
}
