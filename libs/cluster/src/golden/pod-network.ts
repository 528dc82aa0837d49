/** The pod network of the whole cluster: k3s' default, and what bare nodes have. */
export const POD_NETWORK = '10.42.0.0/16';

/** The bridge that a node's pods hang on. */
export const BRIDGE = 'cni0';

/** `10.42.1.0/24` to `10.42.1.0`: also the address of the node's overlay interface. */
export const networkAddress = (subnet: string): string => subnet.slice(0, subnet.indexOf('/'));

/** Whether the address, or a network of it, is one of pods. */
export const ofPods = (destination: string): boolean => destination.startsWith('10.42.');
