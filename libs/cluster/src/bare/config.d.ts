import type { ClusterPlan } from '../spec.ts';
import type { NodeConfig } from './node/config.ts';
export interface BareNodeFiles {
    readonly node: NodeConfig;
    readonly keepalived: string;
}
export declare function bareNode(plan: ClusterPlan, subnet: string, name: string): BareNodeFiles;
