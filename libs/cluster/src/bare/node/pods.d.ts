import { type Argv, type NodeConfig, type Pod } from './config.ts';
export declare class Pods {
    #private;
    constructor(network: NodeConfig['pods']);
    status(): Record<string, boolean>;
    /** Makes what runs equal to what the file says. No file: no pods. */
    apply(): Promise<void>;
}
/** What a CNI bridge plugin does for a pod. The veth goes with the namespace. */
export declare function podNetwork(pod: Pod, { bridge, gateway, prefix, mtu }: NodeConfig['pods']): readonly Argv[];
