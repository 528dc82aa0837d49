import type { BackendName } from '../spec.ts';
import type { Backend } from './backend.ts';
import { hostGw } from './host-gw.ts';
import { vxlan } from './vxlan.ts';

export const backends: Readonly<Record<BackendName, Backend>> = { vxlan, 'host-gw': hostGw };
