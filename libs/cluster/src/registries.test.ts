import { expect, test } from 'vitest';
import { backends } from './backend/index.ts';
import { vtepMac } from './backend/vxlan.ts';
import { loadBalancers } from './load-balancer/index.ts';

const node = { address: '198.18.7.10', podSubnet: '10.42.0.0/24' };
const neighbour = { address: '198.18.7.11', podSubnet: '10.42.1.0/24' };

test('every record stands under its own name and works on some substrate', () => {
  for (const [name, record] of [...Object.entries(backends), ...Object.entries(loadBalancers)]) {
    expect(record.name).toBe(name);
    expect(record.substrates.length).toBeGreaterThan(0);
  }
});

test('vxlan knows each neighbour before the first packet: its MAC, where it is, and what lies behind it', () => {
  const commands = backends.vxlan.bareSetup(node, [neighbour]).map((argv) => argv.join(' '));
  const mac = vtepMac(neighbour);
  expect(commands).toContain(`ip neighbour replace 10.42.1.0 lladdr ${mac} dev flannel.1 nud permanent`);
  expect(commands).toContain(`bridge fdb replace ${mac} dev flannel.1 dst 198.18.7.11 self permanent`);
  expect(commands).toContain('ip route replace 10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink');
  expect(commands[0]).toContain('id 1 local 198.18.7.10 dev eth0 dstport 8472 nolearning');
});

test('MACs of VXLAN interfaces are unicast, local, and another for each node', () => {
  expect(vtepMac(node)).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  expect(vtepMac(node)).not.toBe(vtepMac(neighbour));
});

test('with DirectRouting a node of the same LAN gets a route, and stands in no table of the overlay', () => {
  const commands = backends['vxlan-direct-routing'].bareSetup(node, [neighbour]).map((argv) => argv.join(' '));
  expect(commands).toContain('ip route replace 10.42.1.0/24 via 198.18.7.11 dev eth0');
  expect(commands.filter((command) => /fdb|neighbour/.test(command))).toEqual([]);
});

test('host-gw is routes and nothing else', () => {
  expect(backends['host-gw'].bareSetup(node, [neighbour])).toEqual([
    ['ip', 'route', 'replace', '10.42.1.0/24', 'via', '198.18.7.11', 'dev', 'eth0'],
  ]);
});
