/**
 * The lab on traffic flow with the userlist app, as its page has it, step by step: install, deploy, scale, Ingress, the
 * names of nip.io, NodePort and port 80 on every node, whose turn it is, clean up. On one node or on several.
 */
import { MILLISECOND, systemClock } from '@faultline/history';
import type { Cluster } from '@faultline/cluster';
import { seen, type Seen } from '../claim.ts';
import { withRig } from '../rig-on.ts';
import type { Rig } from '../rig.ts';
import type { LabResult, LabStep } from './result.ts';
import { inTheCluster } from './steps.ts';
import { fromOutside } from './steps-outside.ts';

export interface Step {
  readonly step: string;
  /** What the page says will be seen. */
  readonly says: string;
  readonly see: (rig: Rig) => Promise<Seen>;
}

export interface LabOptions {
  readonly app: string;
  readonly release: string;
  readonly run: string;
  readonly signal: AbortSignal;
  /** Told of each step when it is done. */
  readonly tell: (step: LabStep) => void;
}

/** The namespace of a participant. */
const NAMESPACE = 'user03';

/** All steps, also after one that failed: what comes next says what that one left. */
export async function runLab(cluster: Cluster, options: LabOptions): Promise<LabResult> {
  const { app, release, run, signal, tell } = options;
  const steps: LabStep[] = [];
  await withRig(cluster, { app, release, namespace: NAMESPACE, port: 12_000, signal }, async (rig) => {
    for (const { step, says, see } of [...inTheCluster, ...fromOutside]) {
      signal.throwIfAborted();
      const begin = systemClock.now();
      const { holds, saw } = await see(rig).catch((error: Error) => seen(false, error.message.split('\n')[0] ?? ''));
      const done = { step, says, holds, saw, ms: Math.round((systemClock.now() - begin) / MILLISECOND) };
      steps.push(done);
      tell(done);
    }
  });
  return { version: 1, nodes: cluster.nodes.length, release, run, at: systemClock.wall(), steps };
}
