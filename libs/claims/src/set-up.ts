/** What a claim needs to be asked: claims with the same set-up share one boot. */
import type { ClusterSpec } from '@faultline/cluster/plan';

interface Bootable {
  readonly what: string;
  /** Undefined: no cluster is booted for it. */
  readonly cluster?: Omit<ClusterSpec, 'substrate' | 'k3s'>;
  /** How many questions are asked side by side; one unless told. */
  readonly together?: number;
  /** Whether userlist is deployed before anything is asked; true unless told. */
  readonly app?: boolean;
  /** Whether it belongs to the half that is run on every change. */
  readonly quick: boolean;
}

const usual = { servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'servicelb' } as const;

export type SetUpName =
  | 'pure'
  | 'measured'
  | 'default'
  | 'policies'
  | 'host-gw'
  | 'charts'
  | 'changed'
  | 'metallb'
  | 'kube-vip'
  | 'kube-vip-pool'
  | 'ha'
  | 'none';

export const SET_UPS: Readonly<Record<SetUpName, Bootable>> = {
  pure: { what: 'no cluster', quick: true },
  measured: { what: 'a run of a scenario, kept in docs/evidence', quick: true },
  default: { what: '1 server and 2 agents as k3s installs them', cluster: usual, together: 4, quick: true },
  policies: { what: 'the default, for the truth table of policies', cluster: usual, app: false, quick: false },
  'host-gw': { what: 'the same with the backend host-gw', cluster: { ...usual, backend: 'host-gw' }, quick: false },
  charts: {
    what: '1 server: its charts, rendered by its own helm',
    cluster: { ...usual, agents: 0 },
    app: false,
    quick: true,
  },
  changed: { what: 'the default, changed in ways that last: labels, flags, restarts', cluster: usual, quick: false },
  metallb: { what: 'the default with MetalLB', cluster: { ...usual, loadBalancer: 'metallb-l2' }, quick: false },
  'kube-vip': { what: 'the default with kube-vip', cluster: { ...usual, loadBalancer: 'kube-vip-arp' }, quick: false },
  'kube-vip-pool': {
    what: 'the default with kube-vip and its cloud provider',
    cluster: { ...usual, loadBalancer: 'kube-vip-arp', settings: { cloudProvider: true } },
    quick: false,
  },
  ha: { what: '3 servers with etcd', cluster: { ...usual, servers: 3, agents: 0 }, app: false, quick: false },
  none: { what: 'nothing', quick: true },
};

/** Those for which `faultline claims` boots a cluster. */
export const BOOTED: readonly SetUpName[] = (Object.keys(SET_UPS) as SetUpName[]).filter(
  (name) => SET_UPS[name].cluster !== undefined,
);
