import { expect, test } from 'vitest';
import { planCluster } from '../plan-cluster.ts';
import { bareNode } from './config.ts';
import { podNetwork } from './node/pods.ts';

const plan = planCluster(
  { substrate: 'bare', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'keepalived' },
  { tools: 't', app: 'a', subnet: null },
);
const { node, keepalived } = bareNode(plan, '198.18.7.0/24', 'agent-0');
const { setup, pods } = node;
const commands = setup.map((argv) => argv.join(' '));

test('a node has a route to the pods of every other node, and none to its own but its bridge', () => {
  const routes = commands.filter((command) => command.includes('onlink'));
  expect(routes.map((route) => route.split(' ')[3])).toEqual(['10.42.0.0/24', '10.42.2.0/24']);
  expect(commands).toContain('ip address add 10.42.1.1/24 dev cni0');
});

test('it forwards, and pod addresses that nobody has are unreachable', () => {
  expect(commands).toContain('sysctl --quiet --write net.ipv4.ip_forward=1');
  expect(commands).toContain('ip route replace unreachable 10.42.0.0/16');
});

test('it stands by for the virtual address of its LAN', () => {
  expect(keepalived).toContain('198.18.7.200/32 dev eth0');
});

test('a node that the plan does not have is refused', () => {
  expect(() => bareNode(plan, '198.18.7.0/24', 'agent-7')).toThrow('agent-7 is no node of a bare plan');
});

test('a pod hangs on the bridge by an interface whose name fits, however long its own is', () => {
  const name = `userlist-${'x'.repeat(40)}`;
  const pod = { name, address: '10.42.1.2', netns: `/run/netns/${name}`, env: {}, argv: ['true'] };
  const network = podNetwork(pod, pods!).map((argv) => argv.join(' '));
  const veth = /link add (\S+)/.exec(network.join('\n'))?.[1] ?? '';
  expect(veth.length).toBeLessThanOrEqual(15);
  expect(network).toContain(`ip link set ${veth} master cni0 up`);
  expect(network).toContain(`ip -n ${name} route add default via 10.42.1.1`);
});
