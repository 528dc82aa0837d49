/**
 * What a balancer is told to be: a pure function of the plan and the subnet.
 *
 * A pair of machines in front of the cluster, as k3s' documentation of cluster load balancers shows it: VRRP holds the
 * address, and HAProxy on both passes connections on as they are.
 */
import type { MachineFiles } from '../bare/machine.ts';
import { INGRESS_NODE_PORT } from '../controller/chart-config.ts';
import { API_PORT } from '../k3s/flags.ts';
import { keepalivedConfig, PAIR } from '../load-balancer/keepalived.ts';
import { virtualHostOf } from '../plan-cluster.ts';
import type { ClusterPlan, NodePlan } from '../spec.ts';
import { addressIn } from '../subnet.ts';

export function balancerFiles(plan: ClusterPlan, subnet: string, name: string): MachineFiles {
  const index = plan.balancers.findIndex((one) => one.name === name);
  const priority = PAIR[index];
  const host = virtualHostOf(plan, subnet);
  if (priority === undefined || host === null) throw new Error(`${name} is no balancer of the plan`);
  const virtualAddress = addressIn(subnet, host);
  return {
    node: { name, setup: [], pods: null },
    keepalived: keepalivedConfig({ name, priority, first: index === 0, virtualAddress, needs: 'haproxy' }),
    haproxy: haproxyConfig(plan.nodes, subnet),
  };
}

/**
 * A check asks for an answer, not for a connection: the kernel of a frozen node still takes connections. Any answer will
 * do, the controller's 404 and the API's 401 too: it knows neither our host nor us. Nothing is tried on another node, so
 * what a dead node costs is its share until the checks have noticed.
 */
function haproxyConfig(nodes: readonly NodePlan[], subnet: string): string {
  const servers = (port: number, those: readonly NodePlan[], options = '') =>
    those.map(({ name, host }) => `  server ${name} ${addressIn(subnet, host)}:${port} check${options}\n`).join('');
  return `global
  maxconn 4096
  hard-stop-after 5s

defaults
  mode tcp
  balance roundrobin
  timeout connect 5s
  timeout check 1s
  timeout client 65s
  timeout server 65s
  default-server inter 1s fall 2 rise 2

listen ingress
  bind *:80
  option httpchk GET /
  http-check expect status 200-499
${servers(INGRESS_NODE_PORT, nodes)}
listen api
  bind *:${API_PORT}
  option httpchk GET /readyz
  http-check expect status 200,401
${servers(
  API_PORT,
  nodes.filter(({ role }) => role === 'server'),
  ' check-ssl verify none',
)}`;
}
