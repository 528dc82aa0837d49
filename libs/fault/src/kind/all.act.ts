/** How each kind is done. To add one: a line here, and one in all.ts. */
import type { Act } from './act.ts';
import { blockAct } from './block-port.act.ts';
import { controllerAct } from './controller-down.act.ts';
import { duplicateAct } from './duplicate-address.act.ts';
import { drainAct } from './node-drain.act.ts';
import { killAct } from './node-kill.act.ts';
import { pauseAct } from './node-pause.act.ts';
import { processAct } from './process-kill.act.ts';
import { clashAct } from './service-clash.act.ts';
import { unplugAct } from './unplug.act.ts';
import { partitionAct } from './partition.act.ts';
import { lossAct } from './loss.act.ts';
import { blackHoleAct } from './mtu-black-hole.act.ts';
import { arpSilenceAct } from './arp-silence.act.ts';
import { dnsRefusedAct } from './dns-refused.act.ts';
import { conntrackFullAct } from './conntrack-full.act.ts';
import { blockIcmpFragAct } from './block-icmp-frag.act.ts';

export const ACTS: Readonly<Record<string, Act>> = {
  'node-kill': killAct,
  'node-pause': pauseAct,
  'node-drain': drainAct,
  'process-kill': processAct,
  'block-port': blockAct,
  unplug: unplugAct,
  partition: partitionAct,
  loss: lossAct,
  'mtu-black-hole': blackHoleAct,
  'arp-silence': arpSilenceAct,
  'dns-refused': dnsRefusedAct,
  'conntrack-full': conntrackFullAct,
  'block-icmp-frag': blockIcmpFragAct,
  'duplicate-address': duplicateAct,
  'controller-down': controllerAct,
  'service-clash': clashAct,
};
