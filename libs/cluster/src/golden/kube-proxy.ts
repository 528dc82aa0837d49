/**
 * What leads into kube-proxy's chains on every node (Kubernetes pkg/proxy/iptables/proxier.go, iptablesJumpChains). What is in
 * them changes with every Service and is not compared; but a node without those of the table nat has no Services at all, though it
 * is Ready (docs/findings/a-ready-node-without-services-for-30-s.md). Those of the table filter are lost at times to k3s' network
 * policy controller, which writes that table whole, and kube-proxy does not look again for an hour
 * (docs/findings/a-rule-of-kube-proxy-is-lost-for-an-hour.md).
 */
import { hook } from './line.ts';

type Table = 'nat' | 'filter';
type Hook = readonly [table: Table, chain: string, of: string, target: string, when?: 'NEW'];

const HOOKS: readonly Hook[] = [
  ['filter', 'INPUT', 'kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL', 'NEW'],
  ['filter', 'INPUT', 'kubernetes health check service ports', 'KUBE-NODEPORTS'],
  ['filter', 'INPUT', 'kubernetes externally-visible service portals', 'KUBE-EXTERNAL-SERVICES', 'NEW'],
  ['filter', 'FORWARD', 'kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL', 'NEW'],
  ['filter', 'FORWARD', 'kubernetes forwarding rules', 'KUBE-FORWARD'],
  ['filter', 'FORWARD', 'kubernetes service portals', 'KUBE-SERVICES', 'NEW'],
  ['filter', 'FORWARD', 'kubernetes externally-visible service portals', 'KUBE-EXTERNAL-SERVICES', 'NEW'],
  ['filter', 'OUTPUT', 'kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL', 'NEW'],
  ['filter', 'OUTPUT', 'kubernetes service portals', 'KUBE-SERVICES', 'NEW'],
  ['nat', 'PREROUTING', 'kubernetes service portals', 'KUBE-SERVICES'],
  ['nat', 'OUTPUT', 'kubernetes service portals', 'KUBE-SERVICES'],
  ['nat', 'POSTROUTING', 'kubernetes postrouting rules', 'KUBE-POSTROUTING'],
];

export const kubeProxyHooks = (wanted: Table): readonly string[] =>
  HOOKS.filter(([table]) => table === wanted).map(([table, chain, of, target, when]) => {
    const state = when ? `-m conntrack --ctstate ${when} ` : '';
    return hook(table, `-A ${chain} ${state}-m comment --comment "${of}" -j ${target}`);
  });

/** Whether a line of iptables-save is one of them, or one too many. */
export const isKubeProxyHook = (line: string): boolean =>
  /^-A (PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) .*--comment "kubernetes [^"]*" -j KUBE-/.test(line);
