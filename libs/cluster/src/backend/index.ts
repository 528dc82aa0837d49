import type { BackendName } from '../spec.ts';
import type { Backend } from './backend.ts';
import { hostGw } from './host-gw.ts';
import { none } from './none.ts';
import { vxlan } from './vxlan.ts';
import { vxlanDirectRouting } from './vxlan-direct-routing.ts';
import { wireguardNative } from './wireguard-native.ts';

export const backends: Readonly<Record<BackendName, Backend>> = {
  vxlan,
  'vxlan-direct-routing': vxlanDirectRouting,
  'host-gw': hostGw,
  'wireguard-native': wireguardNative,
  none,
};
