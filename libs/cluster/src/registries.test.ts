import { expect, test } from 'vitest';
import { backends } from './backend/index.ts';
import { vtepMac } from './backend/vxlan.ts';
import { loadBalancers } from './load-balancer/index.ts';
import { failoverOf, keepalivedConfig, priorityOf } from './load-balancer/keepalived.ts';

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

test('host-gw is routes and nothing else', () => {
  expect(backends['host-gw'].bareSetup(node, [neighbour])).toEqual([
    ['ip', 'route', 'replace', '10.42.1.0/24', 'via', '198.18.7.11', 'dev', 'eth0'],
  ]);
});

test('no two of the most nodes share a VRRP priority, and all are valid', () => {
  const priorities = Array.from({ length: 27 }, (_, index) => priorityOf(index));
  expect(new Set(priorities).size).toBe(27);
  expect(Math.min(...priorities)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...priorities)).toBeLessThanOrEqual(255);
});

test('a VRRP failover takes three adverts and the skew, less up to one advert', () => {
  expect(failoverOf(100)).toEqual({ atLeastMs: 2609, atMostMs: 3610 });
  expect(failoverOf(254)).toEqual({ atLeastMs: 2007, atMostMs: 3008 });
});

test('the first node alone starts as the master', () => {
  const config = (index: number) => keepalivedConfig({ name: 'a', index, virtualAddress: '198.18.7.200' });
  expect(config(0)).toContain('state MASTER');
  expect(config(1)).toContain('state BACKUP');
  expect(config(1)).toContain('priority 100');
  expect(config(1)).toContain('198.18.7.200/32 dev eth0');
});
