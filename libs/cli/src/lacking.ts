/** What this host lacks is found out before anything is booted, and skips the cell by its name. */
import { lackingFeatures } from '@faultline/cluster';
import { needsOf, type BackendName, type LoadBalancerName } from '@faultline/cluster/plan';
import type { Engine } from '@faultline/control';
import { SkippedError } from './exit.ts';

interface Wanted {
  readonly backend: BackendName;
  readonly loadBalancer: LoadBalancerName;
}

/** @throws SkippedError naming each feature that is missing, and how that is known. */
export async function skipWhereLacking(
  engine: Engine,
  { backend, loadBalancer }: Wanted,
  options: { readonly signal: AbortSignal; readonly tools: string },
): Promise<void> {
  const lacking = await lackingFeatures(engine, needsOf({ backend, loadBalancer }), options);
  if (lacking.length === 0) return;
  const features = lacking.map(({ name, how }) => `${name} (${how})`).join(', ');
  throw new SkippedError(`${backend} with ${loadBalancer}: this host lacks ${features}. Next: faultline doctor`);
}
