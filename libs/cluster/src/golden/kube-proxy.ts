/**
 * What leads into kube-proxy's chains on every node (Kubernetes pkg/proxy/iptables/proxier.go, iptablesJumpChains). What is in
 * them changes with every Service and is not compared; but a node without these has no Services at all, though it is Ready:
 * docs/findings/a-ready-node-without-services-for-30-s.md.
 */
import { hook } from './line.ts';

type Hook = readonly [table: string, chain: string, of: string, target: string, when?: 'NEW'];

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

export const kubeProxyHooks: readonly string[] = HOOKS.map(([table, chain, of, target, when]) => {
  const state = when ? `-m conntrack --ctstate ${when} ` : '';
  return hook(table, `-A ${chain} ${state}-m comment --comment "${of}" -j ${target}`);
});

/** Whether a line of iptables-save is one of them, or one too many. */
export const isKubeProxyHook = (line: string): boolean =>
  /^-A (PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) .*--comment "kubernetes [^"]*" -j KUBE-/.test(line);
