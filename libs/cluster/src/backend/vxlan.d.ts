import type { Backend, PodRoute } from './backend.ts';
export declare const vxlan: Backend;
/** Flannel rolls dice for it and publishes it. Here it follows from the address, so that no node has to wait for another. */
export declare function vtepMac({ address }: PodRoute): string;
