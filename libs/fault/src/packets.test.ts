import { expect, test } from 'vitest';
import type { TableScript } from './nft.ts';
import {
  arpSilenceScript,
  blackHoleScript,
  conntrackFullScript,
  dnsRefusedScript,
  fragNeededScript,
  lossScript,
  partitionScript,
} from './packets.ts';

const peers = [11, 12].map((host) => ({
  name: `agent-${host}`,
  address: `198.18.5.${host}`,
  mac: `02:42:c6:12:05:${host.toString(16).padStart(2, '0')}`,
}));
const device = 'eth0';

/** The rules alone, without their table. */
const rules = ({ strike, table }: TableScript) =>
  strike.split('; ').map((rule) => rule.replace(/^add rule (inet|netdev) /, '').replace(`${table} `, ''));
const hooks = ({ prepare }: TableScript) => prepare.slice(1).map((line) => /hook (.*); policy/.exec(line)?.[1]);

test('a partition is told by MAC, and asks no peer for its address either', () => {
  const script = partitionScript('fault-0', { direction: 'both' }, { device, peers });
  expect(rules(script)).toEqual([
    'from_peers ether saddr { 02:42:c6:12:05:0b, 02:42:c6:12:05:0c } counter drop',
    'to_peers ether daddr { 02:42:c6:12:05:0b, 02:42:c6:12:05:0c } counter drop',
    'arp_for_peers arp daddr ip { 198.18.5.11, 198.18.5.12 } counter drop',
  ]);
  expect(hooks(script)).toEqual([
    'ingress device "eth0" priority -500',
    'egress device "eth0" priority -500',
    'egress device "eth0" priority -500',
  ]);
});

test('a partition of one direction leaves the other alone', () => {
  const chains = (direction: string) => partitionScript('fault-0', { direction }, { device, peers }).chains;
  expect(chains('in')).toEqual(['from_peers']);
  expect(chains('out')).toEqual(['to_peers', 'arp_for_peers']);
});

test('loss is thrown in tenths of a percent, unless all is lost', () => {
  const script = lossScript('fault-0', { percent: 2.5, direction: 'both' }, { device, peers: undefined });
  expect(rules(script)).toEqual([
    'ingress numgen random mod 1000 < 25 counter drop',
    'egress numgen random mod 1000 < 25 counter drop',
  ]);
  const one = lossScript('fault-0', { percent: 100, direction: 'in' }, { device, peers: peers.slice(0, 1) });
  expect(rules(one)).toEqual(['ingress ether saddr 02:42:c6:12:05:0b counter drop']);
});

test('a black hole swallows what is long, in the overlay and routed, both ways', () => {
  const script = blackHoleScript('fault-0', { bytes: 1400, of: 'pods' }, { device, peers: undefined });
  expect(rules(script)).toEqual([
    'ingress_overlay udp dport 8472 ip length > 1400 counter drop',
    'ingress_pods ip saddr 10.42.0.0/16 ip daddr 10.42.0.0/16 ip length > 1400 counter drop',
    'egress_overlay udp dport 8472 ip length > 1400 counter drop',
    'egress_pods ip saddr 10.42.0.0/16 ip daddr 10.42.0.0/16 ip length > 1400 counter drop',
  ]);
  const all = blackHoleScript('fault-0', { bytes: 1400, of: 'everything' }, { device, peers: undefined });
  expect(rules(all)).toEqual(['ingress_all ip length > 1400 counter drop', 'egress_all ip length > 1400 counter drop']);
});

test('ARP of an address is silenced, asked and unasked, and what the node itself asks for is not', () => {
  expect(rules(arpSilenceScript('fault-0', '198.18.5.200', device))).toEqual([
    'replies arp operation reply arp saddr ip 198.18.5.200 counter drop',
    'announcements arp saddr ip 198.18.5.200 arp daddr ip 198.18.5.200 counter drop',
  ]);
});

test('DNS is refused and not dropped, to the node and to what it forwards', () => {
  expect(rules(dnsRefusedScript('fault-0'))).toEqual([
    'forward_udp udp dport 53 counter reject with icmpx port-unreachable',
    'forward_tcp tcp dport 53 counter reject with tcp reset',
    'output_udp udp dport 53 counter reject with icmpx port-unreachable',
    'output_tcp tcp dport 53 counter reject with tcp reset',
  ]);
});

test('a full table takes no new connection, or as many as there is room for, once they are tracked', () => {
  const full = conntrackFullScript('fault-0', { room: 0 });
  expect(rules(full)).toEqual([
    'inbound iifname != "lo" ct state new ct status and confirmed == 0 counter drop',
    'outbound oifname != "lo" ct state new ct status and confirmed == 0 counter drop',
  ]);
  expect(hooks(full)).toEqual(['prerouting priority -150', 'output priority -150']);
  expect(rules(conntrackFullScript('fault-0', { room: 20 }))[0]).toContain(
    'confirmed == 0 ct count over 20 counter drop',
  );
});

test('of ICMP, only "fragmentation needed" is dropped', () => {
  const error = 'icmp type destination-unreachable icmp code frag-needed';
  expect(rules(fragNeededScript('fault-0'))).toEqual([
    `inbound ${error} counter drop`,
    `outbound ${error} counter drop`,
  ]);
});
