/** The kinds of faults. To add one: its two files in this folder, a line here, and a line in all.act.ts. */
import { blockPort } from './block-port.ts';
import { controllerDown } from './controller-down.ts';
import { duplicateAddress } from './duplicate-address.ts';
import type { FaultKind } from './kind.ts';
import { nodeDrain } from './node-drain.ts';
import { nodeKill } from './node-kill.ts';
import { nodePause } from './node-pause.ts';
import { processKill } from './process-kill.ts';
import { serviceClash } from './service-clash.ts';
import { unplug } from './unplug.ts';
import { partition } from './partition.ts';
import { loss } from './loss.ts';
import { mtuBlackHole } from './mtu-black-hole.ts';
import { arpSilence } from './arp-silence.ts';
import { dnsRefused } from './dns-refused.ts';
import { conntrackFull } from './conntrack-full.ts';
import { blockIcmpFrag } from './block-icmp-frag.ts';
import { nodeStop } from './node-stop.ts';
import { nodeRestart } from './node-restart.ts';
import { k3sKill } from './k3s-kill.ts';
import { k3sRestart } from './k3s-restart.ts';
import { podKill } from './pod-kill.ts';
import { diskFull } from './disk-full.ts';
import { diskSlow } from './disk-slow.ts';
import { squatPort } from './squat-port.ts';
import { hostPortClash } from './host-port-clash.ts';
import { nodePortClash } from './node-port-clash.ts';
import { rate } from './rate.ts';
import { delay } from './delay.ts';
import { reorder } from './reorder.ts';
import { duplicate } from './duplicate.ts';
import { corrupt } from './corrupt.ts';
import { mtu } from './mtu.ts';
import { linkDown } from './link-down.ts';
import { linkFlap } from './link-flap.ts';
import { addressChange } from './address-change.ts';
import { noDefaultRoute } from './no-default-route.ts';
import { staleFdb } from './stale-fdb.ts';
import { conntrackFlush } from './conntrack-flush.ts';

export const FAULT_KINDS: readonly FaultKind[] = [
  nodeKill,
  nodePause,
  nodeDrain,
  processKill,
  blockPort,
  unplug,
  partition,
  loss,
  mtuBlackHole,
  arpSilence,
  dnsRefused,
  conntrackFull,
  blockIcmpFrag,
  rate,
  delay,
  reorder,
  duplicate,
  corrupt,
  mtu,
  linkDown,
  linkFlap,
  addressChange,
  noDefaultRoute,
  staleFdb,
  conntrackFlush,
  duplicateAddress,
  controllerDown,
  serviceClash,
  nodeStop,
  nodeRestart,
  k3sKill,
  k3sRestart,
  podKill,
  diskFull,
  diskSlow,
  squatPort,
  hostPortClash,
  nodePortClash,
];
