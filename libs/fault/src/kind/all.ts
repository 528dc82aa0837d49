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
  duplicateAddress,
  controllerDown,
  serviceClash,
];
