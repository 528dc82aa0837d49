/**
 * Pods and ingress come before keepalived: a node that returns takes the address back, and must have something to answer
 * with when it does.
 */
export declare function runNode(): Promise<void>;
