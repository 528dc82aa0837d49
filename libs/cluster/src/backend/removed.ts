/** Backends that k3s once had. Who upgrades with one of them in the configuration has a server that does not start. */

export interface RemovedBackend {
  readonly name: string;
  /** The first minor release without it. */
  readonly since: string;
  readonly instead: string;
}

export const removedBackends: readonly RemovedBackend[] = [
  { name: 'wireguard', since: 'v1.26', instead: 'wireguard-native, which is in the kernel and needs no wg program' },
  { name: 'ipsec', since: 'v1.27', instead: 'wireguard-native' },
];
