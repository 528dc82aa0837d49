/**
 * What a host must be able to do, and how that is found out: by doing it, in a container that is thrown away.
 *
 * A kernel's configuration says what was built, not what may be used; a module may be missing, loaded on demand, or
 * forbidden to containers. To add a feature: its line here.
 */
import type { Argv } from './bare/node/config.ts';

export interface HostFeature {
  /** What registries' `needs` call it. */
  readonly name: string;
  /** Succeeds where the host has it. */
  readonly trial: Argv;
  /** What cannot be done without. */
  readonly skips: readonly string[];
}

/** The interfaces that other trials build on. */
export const PREPARATION: Argv = ['ip', 'link', 'add', 'try-parent', 'type', 'bridge'];

export const HOST_FEATURES: readonly HostFeature[] = [
  {
    name: 'vxlan',
    trial: ['ip', 'link', 'add', 'try-vxlan', 'type', 'vxlan', 'id', '1', 'dstport', '8472', 'local', '127.0.0.1'],
    skips: ['backends vxlan and vxlan-direct-routing'],
  },
  {
    name: 'wireguard',
    trial: ['ip', 'link', 'add', 'try-wg', 'type', 'wireguard'],
    skips: ['backend wireguard-native'],
  },
  {
    name: 'netem',
    trial: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'],
    skips: ['the faults delay, reorder, duplicate and corrupt'],
  },
  {
    name: 'tbf',
    trial: [
      'tc',
      'qdisc',
      'add',
      'dev',
      'try-parent',
      'root',
      'tbf',
      'rate',
      '1mbit',
      'burst',
      '2kb',
      'latency',
      '9ms',
    ],
    skips: ['faults that limit the rate'],
  },
  {
    name: 'blkio throttle',
    trial: [
      'sh',
      '-c',
      'ls /sys/fs/cgroup/blkio/blkio.throttle.write_bps_device || grep -w io /sys/fs/cgroup/cgroup.controllers',
    ],
    skips: ['disk-slow'],
  },
  {
    name: 'nft owner',
    trial: ['nft', 'add table inet try-owner { flags owner; }'],
    skips: ['block-port and every other packet fault'],
  },
  {
    name: 'nft netdev egress',
    trial: [
      'nft',
      'add table netdev try-egress { flags owner; chain e { type filter hook egress device "lo" priority 0; }; }',
    ],
    skips: ['the faults unplug, partition, loss, mtu-black-hole and arp-silence'],
  },
  {
    name: 'iptables nat',
    trial: [
      'iptables',
      '-t',
      'nat',
      '-A',
      'POSTROUTING',
      '-m',
      'statistic',
      '--mode',
      'random',
      '--probability',
      '0.5',
      '-j',
      'MASQUERADE',
    ],
    skips: ['substrate k3s (kube-proxy)'],
  },
  { name: 'ipset', trial: ['ipset', 'create', 'try-set', 'hash:ip'], skips: ["k3s' network policies"] },
  { name: 'ip_vs', trial: ['genl', 'ctrl', 'get', 'name', 'IPVS'], skips: ['kube-proxy in mode ipvs'] },
  {
    name: 'ipvlan',
    trial: ['ip', 'link', 'add', 'link', 'try-parent', 'name', 'try-ipvlan', 'type', 'ipvlan'],
    skips: ['pods on ipvlan'],
  },
  {
    name: 'dummy',
    trial: ['ip', 'link', 'add', 'try-dummy', 'type', 'dummy'],
    skips: ['kube-proxy in mode ipvs, NodeLocal DNSCache'],
  },
  {
    name: 'real-time priority',
    trial: ['chrt', '-f', '1', 'true'],
    skips: ["nothing, but the prober's lateness, and so every bound, grows on a busy host"],
  },
];
