import { expect, test } from 'vitest';
import { blockScript, droppedPackets, ourTables, tableName, unplugScript } from './nft.ts';

const lan = { device: 'eth0', peers: undefined };

test('the overlay is blocked on the wire, in and out, by a table that belongs to its process', () => {
  const { table, prepare, strike, chains } = blockScript(
    'fault-0',
    { protocol: 'udp', port: 8472, direction: 'both' },
    lan,
  );
  expect({ table, prepare, strike: strike.split('; '), chains }).toMatchInlineSnapshot(`
    {
      "chains": [
        "inbound",
        "outbound",
      ],
      "prepare": [
        "add table inet faultline_fault_0 { flags owner; }",
        "add chain inet faultline_fault_0 inbound { type filter hook prerouting priority -300; policy accept; }",
        "add chain inet faultline_fault_0 outbound { type filter hook postrouting priority -300; policy accept; }",
      ],
      "strike": [
        "add rule inet faultline_fault_0 inbound iifname "eth0" udp dport 8472 counter drop",
        "add rule inet faultline_fault_0 outbound oifname "eth0" udp dport 8472 counter drop",
      ],
      "table": "faultline_fault_0",
    }
  `);
});

test('one direction has one chain and one rule', () => {
  const into = blockScript('fault-0', { protocol: 'tcp', port: 6443, direction: 'in' }, lan);
  const out = blockScript('fault-0', { protocol: 'tcp', port: 6443, direction: 'out' }, lan);
  expect(into.strike).toBe('add rule inet faultline_fault_0 inbound iifname "eth0" tcp dport 6443 counter drop');
  expect(out.strike).toBe('add rule inet faultline_fault_0 outbound oifname "eth0" tcp dport 6443 counter drop');
  expect(into.prepare.join()).not.toContain('outbound');
  expect(out.prepare.join()).not.toContain('inbound');
});

test('a port of both protocols is one rule a chain, in one table', () => {
  const { strike, chains } = blockScript('fault-0', { protocol: 'tcp+udp', port: 7946, direction: 'both' }, lan);
  expect(strike.split('; ')).toEqual([
    'add rule inet faultline_fault_0 inbound iifname "eth0" meta l4proto { tcp, udp } th dport 7946 counter drop',
    'add rule inet faultline_fault_0 outbound oifname "eth0" meta l4proto { tcp, udp } th dport 7946 counter drop',
  ]);
  expect(chains).toEqual(['inbound', 'outbound']);
});

const PORTS = 'tcp dport { 2379-2380, 30000-32767 }';

test('several ports are one set, and named peers are told by their address, on the side where they stand', () => {
  const peers = [11, 12].map((host) => ({
    name: `agent-${host}`,
    address: `198.18.5.${host}`,
    mac: '02:00:00:00:00:00',
  }));
  const several = { protocol: 'tcp', port: '2379-2380, 30000-32767', direction: 'both' };
  expect(blockScript('fault-0', several, { ...lan, peers }).strike.split('; ')).toEqual([
    `add rule inet faultline_fault_0 inbound iifname "eth0" ${PORTS} ip saddr { 198.18.5.11, 198.18.5.12 } counter drop`,
    `add rule inet faultline_fault_0 outbound oifname "eth0" ${PORTS} ip daddr { 198.18.5.11, 198.18.5.12 } counter drop`,
  ]);
  const one = blockScript(
    'fault-0',
    { protocol: 'udp', port: 8472, direction: 'in' },
    { ...lan, peers: peers.slice(0, 1) },
  );
  expect(one.strike).toMatch(/udp dport 8472 ip saddr 198.18.5.11 counter drop$/);
});

test('a cable that is out drops every frame of the one interface, by a table that belongs to its process', () => {
  expect(unplugScript('fault-0', 'eth0')).toMatchInlineSnapshot(`
    {
      "chains": [
        "ingress",
        "egress",
      ],
      "family": "netdev",
      "prepare": [
        "add table netdev faultline_fault_0 { flags owner; }",
        "add chain netdev faultline_fault_0 ingress { type filter hook ingress device "eth0" priority -500; policy accept; }",
        "add chain netdev faultline_fault_0 egress { type filter hook egress device "eth0" priority -500; policy accept; }",
      ],
      "strike": "add rule netdev faultline_fault_0 ingress counter drop; add rule netdev faultline_fault_0 egress counter drop",
      "table": "faultline_fault_0",
    }
  `);
});

test('a name cannot smuggle anything into the script', () => {
  expect(tableName('x; flush ruleset')).toBe('faultline_x__flush_ruleset');
});

/** As nft 1.0.6 prints it. */
const LISTING = `table inet faultline_x { # handle 6 progname nft
	flags owner

	chain inbound { # handle 1
		type filter hook prerouting priority raw; policy accept;
		iifname != "lo" udp dport { 53, 8472 } counter packets 10 bytes 1340 drop # handle 5
	}

	chain outbound { # handle 2
		type filter hook output priority raw; policy accept;
		tcp dport 53 counter packets 3 bytes 180 reject with tcp reset # handle 6
	}

	chain others { # handle 3
		type filter hook output priority raw; policy accept;
		counter packets 7 bytes 9 accept # handle 7
	}
}
`;

test('only rules that drop or refuse are counted, each for its chain', () => {
  expect(droppedPackets(LISTING)).toEqual({ inbound: 10, outbound: 3 });
});

test('only tables of ours are ours', () => {
  const listing =
    'table ip kube-proxy\ntable inet faultline_fault_0\ntable netdev faultline_x\ntable ip not_faultline_x\n';
  expect(ourTables(listing)).toEqual(['faultline_fault_0', 'faultline_x']);
  expect(ourTables('')).toEqual([]);
});
