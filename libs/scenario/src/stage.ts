/** What a run is given, and what is up when its experiment begins. */
import type { Cluster } from '@faultline/cluster';
import type { Engine } from '@faultline/control';
import type { History } from '@faultline/history';
import type { Workload } from '@faultline/workload';
import type { Traffic } from './edge.ts';

export interface RunOptions {
  readonly engine: Engine;
  readonly history: History;
  readonly signal: AbortSignal;
  /** Id of the run. */
  readonly run: string;
  /** Folder of the run. */
  readonly folder: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the client's traffic with the address is captured, into `edge.pcap` of the folder. */
  readonly capture?: boolean;
  /** What else is put on the cluster and waited for, once the workload answers and before anything is measured. */
  readonly furnish?: (cluster: Cluster) => Promise<void>;
  /** Asked when everything has been collected: whether the cluster is to be left running. */
  readonly keep: () => Promise<boolean>;
}

/** What is up, once the workload answers. */
export interface Stage {
  readonly cluster: Cluster;
  readonly workload: Workload;
  readonly traffic: Traffic;
}
