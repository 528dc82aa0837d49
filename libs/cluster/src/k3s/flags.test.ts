import { expect, test } from 'vitest';
import { backends } from '../backend/index.ts';
import type { ClusterPlan } from '../spec.ts';
import { planCluster } from '../plan-cluster.ts';
import { k3sArguments, type FlagOptions } from './flags.ts';

const options: FlagOptions = { version: 'v1.33.3+k3s1', subnet: '198.18.7.0/24', cgroups: 2 };

const plan = (change: { servers?: number; backend?: string } = {}): ClusterPlan =>
  planCluster(
    { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'servicelb', ...change },
    { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null },
  );

function argumentsOf(name: string, of: ClusterPlan, given: FlagOptions = options): readonly string[] {
  const node = of.nodes.find((candidate) => candidate.name === name);
  if (!node) throw new Error(`no ${name}`);
  return k3sArguments(node, of, given);
}

test('the only server is a server with SQLite that joins nobody', () => {
  const flags = argumentsOf('server-0', plan());
  expect(flags[0]).toBe('server');
  expect(flags).not.toContain('--cluster-init');
  expect(flags.join(' ')).not.toContain('--server=');
});

test('of three servers the first begins an etcd cluster, and the others join it', () => {
  const three = plan({ servers: 3 });
  expect(argumentsOf('server-0', three)).toContain('--cluster-init');
  expect(argumentsOf('server-1', three)).toContain('--server=https://198.18.7.10:6443');
  expect(argumentsOf('server-1', three)).not.toContain('--cluster-init');
});

test('servers that join are told the same as the first: k3s refuses them otherwise', () => {
  const three = plan({ servers: 3, backend: 'host-gw' });
  const shared = (name: string) =>
    argumentsOf(name, three).filter((flag) => /^--(disable|flannel-backend|kubelet-arg)/.test(flag));
  expect(shared('server-2')).toEqual(shared('server-0'));
  expect(shared('server-0')).toContain('--flannel-backend=host-gw');
});

test('with DirectRouting every node, agents too, is told where the configuration of Flannel lies', () => {
  const direct = plan({ backend: 'vxlan-direct-routing' });
  const [file] = backends['vxlan-direct-routing'].nodeFiles;
  for (const { name } of direct.nodes) expect(argumentsOf(name, direct)).toContain(`--flannel-conf=${file?.path}`);
  expect(JSON.parse(String(file?.content))).toMatchObject({
    Network: '10.42.0.0/16',
    Backend: { Type: 'vxlan', DirectRouting: true },
  });
});

test('an agent joins the first server, by its own name and address', () => {
  expect(argumentsOf('agent-1', plan()).slice(0, 5)).toEqual([
    'agent',
    '--server=https://198.18.7.10:6443',
    '--node-name=agent-1',
    '--node-ip=198.18.7.12',
    '--flannel-iface=eth0',
  ]);
});

test('what no scenario asks for is disabled, and what the plan has is not', () => {
  const flags = argumentsOf('server-0', plan());
  expect(flags).toContain('--disable=metrics-server');
  expect(flags).toContain('--disable=local-storage');
  expect(flags).not.toContain('--disable=servicelb');
  expect(flags).not.toContain('--disable=traefik');
});

test.each([
  ['v1.35.1+k3s1', 1, true],
  ['v1.35.1+k3s1', 2, false],
  ['v1.33.3+k3s1', 1, false],
] as const)('%s on cgroup v%d: told to bear with it: %s', (version, cgroups, told) => {
  expect(
    argumentsOf('agent-0', plan(), { ...options, version, cgroups }).includes('--kubelet-arg=fail-cgroupv1=false'),
  ).toBe(told);
});

test('no argument holds the token', () => {
  for (const node of plan({ servers: 3 }).nodes)
    expect(argumentsOf(node.name, plan({ servers: 3 })).join(' ')).not.toMatch(/token/);
});
