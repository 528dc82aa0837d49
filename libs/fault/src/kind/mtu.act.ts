/** Lowers an interface's MTU. */
import { ip, linkState } from '../routes.ts';
import type { Act } from './act.ts';
import { changeAct } from './change.act.ts';

const OVERLAY = 'flannel.1';
/** IPv4 and ICMP. */
const HEADERS = 28;

export const mtuAct: Act = changeAct({
  async survey({ node, plan }) {
    const device = plan.parameters['of'] === 'lan' ? node.interface : OVERLAY;
    const { mtu: was } = await linkState(node.side, device);
    const bytes = Number(plan.parameters['bytes']);
    if (bytes >= was) throw new Error(`the MTU of ${device} is ${was} already. Allowed: less. Next: bytes ${was - 50}`);
    return { device, was, bytes };
  },
  strike: (side, { device, bytes }, signal) => ip(side, [`link set dev ${device} mtu ${bytes}`], signal),
  async look(side, { device, bytes }) {
    const { mtu } = await linkState(side, String(device));
    return { inForce: mtu === bytes, detail: `the MTU of ${device} is ${mtu}` };
  },
  async seen({ node, machines }, { device, was }, signal) {
    const other = machines.find(({ name }) => name !== node.name);
    if (device === OVERLAY || !other) return { effect: null, detail: 'nobody was asked: sweeps send large packets' };
    const large = ['-M', 'do', '-s', String(Number(was) - HEADERS)];
    const ping = ['ping', '-c', '1', '-W', '1', ...large, other.address];
    const { stdout, stderr } = await node.side.exec(ping, { signal, accept: 'any' });
    const refused = /message too long/i.test(stdout + stderr);
    return { effect: refused, detail: `a packet of ${was} bytes is ${refused ? 'refused' : 'sent'}` };
  },
  async restore(side, { device, was }) {
    // What the kernel has learnt of paths meanwhile it would believe for ten minutes.
    await ip(side, [`link set dev ${device} mtu ${was}`, 'route flush cache']);
    return `the MTU of ${device} is ${was} again`;
  },
});
