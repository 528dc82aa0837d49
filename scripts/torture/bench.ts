/** The cluster that is tortured, and which faults it can have. */
import { attach, probeHost, type Cluster } from '@faultline/cluster';
import { engine, host } from '@faultline/control';
import { hostFeaturesOf, lackOfCell, undoneBy } from '@faultline/cli';
import { FAULT_KINDS, type FaultKind } from '@faultline/fault/plan';
import { memoryHistory, type Substrate } from '@faultline/history';
import { FAULTLINE } from './harness.ts';
import type { Result } from './tally.ts';

const UP_MS = 600_000;

/** Booted by the command and attached to, as any user's is; disposing takes it down. */
export async function openCluster(substrate: Substrate, signal: AbortSignal): Promise<Cluster & AsyncDisposable> {
  const faultline = (words: readonly string[]) =>
    host.exec([process.execPath, FAULTLINE, ...words], { timeoutMs: UP_MS, env: { CI: 'true' } });
  const { stdout } = await faultline(['up', '--substrate', substrate, '--json']);
  const { run } = JSON.parse(stdout) as { run: string };
  try {
    const cluster = await attach(await engine(), run, { history: memoryHistory(), signal });
    return Object.assign(cluster, { [Symbol.asyncDispose]: async () => void (await faultline(['down', run])) });
  } catch (error) {
    await faultline(['down', run]);
    throw error;
  }
}

export interface Kinds {
  readonly possible: readonly FaultKind[];
  /** `delay: netem`: what is missing, by its name. */
  readonly skipped: readonly string[];
}

/** @param only names of kinds; all where it is empty. */
export async function kindsFor(cluster: Cluster, only: readonly string[], signal: AbortSignal): Promise<Kinds> {
  const present = new Set(
    (await probeHost(cluster.engine, { signal })).flatMap(({ name, present: is }) => (is ? [name] : [])),
  );
  const where = { substrate: cluster.substrate, backend: cluster.plan.spec.backend };
  const lack = ({ capability }: FaultKind): string | undefined =>
    capability === null
      ? undefined
      : (lackOfCell(capability, where) ?? hostFeaturesOf(capability).find((name) => !present.has(name)));
  const asked = FAULT_KINDS.filter(({ name }) => only.length === 0 || only.includes(name));
  return {
    possible: asked.filter((kind) => lack(kind) === undefined),
    skipped: asked.flatMap((kind) => (lack(kind) === undefined ? [] : [`${kind.name}: ${lack(kind)}`])),
  };
}

/** In the words of the table. */
export function whoUndoes(kind: string): Result['undoneBy'] {
  const known = FAULT_KINDS.find(({ name }) => name === kind);
  const said = known ? undoneBy(known) : '';
  return said.startsWith('the kernel') ? 'kernel' : said.startsWith('the supervisor') ? 'supervisor' : 'nobody';
}
