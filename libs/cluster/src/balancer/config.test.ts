import { expect, test } from 'vitest';
import { planCluster } from '../plan-cluster.ts';
import { balancerFiles } from './config.ts';

const planOf = (substrate: 'k3s' | 'bare') =>
  planCluster(
    { substrate, servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'keepalived' },
    { tools: 't', app: 'a', subnet: null },
  );
const filesOf = (name: string) => balancerFiles(planOf('k3s'), '198.18.7.0/24', name);

test('a balancer passes port 80 to the NodePort of every node, and 6443 to the servers', () => {
  const [, ingress = '', api = ''] = (filesOf('lb-0').haproxy ?? '').split(/^listen /m);
  expect(ingress).toContain('bind *:80\n');
  expect(ingress.match(/ server \S+ \S+/g)).toEqual([
    ' server server-0 198.18.7.10:30080',
    ' server agent-0 198.18.7.11:30080',
    ' server agent-1 198.18.7.12:30080',
  ]);
  expect(api).toContain('bind *:6443\n');
  expect(api.match(/ server \S+ \S+/g)).toEqual([' server server-0 198.18.7.10:6443']);
});

test('the first of the pair holds the address, and neither does without HAProxy', () => {
  expect(filesOf('lb-0').keepalived).toMatch(/state MASTER\n(.*\n)*  priority 200\n/);
  expect(filesOf('lb-1').keepalived).toMatch(/state BACKUP\n(.*\n)*  priority 100\n/);
  for (const name of ['lb-0', 'lb-1']) {
    expect(filesOf(name).keepalived).toContain('198.18.7.200/32 dev eth0');
    expect(filesOf(name).keepalived).toContain('haproxy-runs');
    expect(filesOf(name).node).toEqual({ name, setup: [], pods: null });
  }
});

test('a machine that is no balancer of the plan is refused', () => {
  expect(() => filesOf('lb-2')).toThrow('lb-2 is no balancer of the plan');
  expect(() => balancerFiles(planOf('bare'), '198.18.7.0/24', 'lb-0')).toThrow('lb-0 is no balancer of the plan');
});
