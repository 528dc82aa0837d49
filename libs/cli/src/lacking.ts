/** What this host or cell lacks is found out before anything is booted, and skips the cell by its name. */
import { lackingFeatures } from '@faultline/cluster';
import { needsOf, type BackendName, type LoadBalancerName } from '@faultline/cluster/plan';
import type { Engine } from '@faultline/control';
import type { Substrate } from '@faultline/history';
import { hostFeaturesOf, lackOfCell, type Need } from './capability.ts';
import { SkippedError } from './exit.ts';

interface Wanted {
  readonly substrate: Substrate;
  readonly backend: BackendName;
  readonly loadBalancer: LoadBalancerName;
}

interface Asking {
  readonly signal: AbortSignal;
  readonly tools: string;
  /** What else is needed, and by whom: the faults of a scenario. */
  readonly needs?: readonly Need[];
  /** What the host lacks of these features, and how that is known; tried in a container unless told. */
  readonly lacking?: typeof lackingFeatures;
}

/** @throws SkippedError naming each that needs what is missing, and how that is known. */
export async function skipWhereLacking(
  engine: Engine,
  cell: Wanted,
  { signal, tools, needs = [], lacking = lackingFeatures }: Asking,
): Promise<void> {
  const impossible = needs.flatMap(({ who, capability }) => {
    const why = lackOfCell(capability, cell);
    return why === undefined ? [] : [{ capability, lack: `${who} needs ${capability}: ${why}` }];
  });
  if (impossible.length > 0)
    throw new SkippedError(impossible.map(({ lack }) => lack).join('; '), impossible[0]?.capability);
  const { backend, loadBalancer } = cell;
  const asking = [
    { who: `${backend} with ${loadBalancer}`, features: needsOf(cell) },
    ...needs.map(({ who, capability }) => ({ who, features: hostFeaturesOf(capability) })),
  ];
  const missing = await lacking(engine, [...new Set(asking.flatMap(({ features }) => features))], { signal, tools });
  const lacks = asking.flatMap(({ who, features }) => {
    const named = missing.filter(({ name }) => features.includes(name)).map(({ name, how }) => `${name} (${how})`);
    return named.length === 0 ? [] : [`${who}: this host lacks ${named.join(', ')}`];
  });
  if (lacks.length > 0) throw new SkippedError(`${lacks.join('; ')}. Next: faultline doctor`, missing[0]?.name);
}
