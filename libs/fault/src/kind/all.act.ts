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
import { stopAct } from './node-stop.act.ts';
import { restartAct } from './node-restart.act.ts';
import { k3sKillAct } from './k3s-kill.act.ts';
import { k3sRestartAct } from './k3s-restart.act.ts';
import { podAct } from './pod-kill.act.ts';
import { diskFullAct } from './disk-full.act.ts';
import { diskSlowAct } from './disk-slow.act.ts';
import { squatAct } from './squat-port.act.ts';
import { hostPortAct } from './host-port-clash.act.ts';
import { nodePortAct } from './node-port-clash.act.ts';
import { queueAct } from './queue.act.ts';
import { mtuAct } from './mtu.act.ts';
import { linkDownAct } from './link-down.act.ts';
import { linkFlapAct } from './link-flap.act.ts';
import { addressAct } from './address-change.act.ts';
import { noDefaultRouteAct } from './no-default-route.act.ts';
import { staleFdbAct } from './stale-fdb.act.ts';
import { conntrackFlushAct } from './conntrack-flush.act.ts';

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
  rate: queueAct,
  delay: queueAct,
  reorder: queueAct,
  duplicate: queueAct,
  corrupt: queueAct,
  mtu: mtuAct,
  'link-down': linkDownAct,
  'link-flap': linkFlapAct,
  'address-change': addressAct,
  'no-default-route': noDefaultRouteAct,
  'stale-fdb': staleFdbAct,
  'conntrack-flush': conntrackFlushAct,
  'duplicate-address': duplicateAct,
  'controller-down': controllerAct,
  'service-clash': clashAct,
  'node-stop': stopAct,
  'node-restart': restartAct,
  'k3s-kill': k3sKillAct,
  'k3s-restart': k3sRestartAct,
  'pod-kill': podAct,
  'disk-full': diskFullAct,
  'disk-slow': diskSlowAct,
  'squat-port': squatAct,
  'host-port-clash': hostPortAct,
  'node-port-clash': nodePortAct,
};
