/** Takes the LAN interface down. Unlike an unplugged cable the node notices: routes over it are gone, and somebody must make them again. */
import { askLan } from '../lan.ts';
import { ip, linkState } from '../routes.ts';
import type { Act } from './act.ts';
import { changeAct } from './change.act.ts';
import { comeUp, raise, routesOf, untilRouted } from './link.ts';

export const linkDownAct: Act = changeAct({
  async survey(scene) {
    const device = scene.node.interface;
    if (!(await linkState(scene.node.side, device)).isUp)
      throw new Error(`${device} of ${scene.node.name} is down already`);
    return { device, ...(await routesOf(scene)) };
  },
  strike: (side, { device }, signal) => ip(side, [`link set dev ${device} down`], signal),
  async look(side, { device }) {
    const { isUp } = await linkState(side, String(device));
    return { inForce: !isUp, detail: `${device} is ${isUp ? 'up' : 'down'}` };
  },
  async seen({ witness, node }, _memory, signal) {
    const { silent, detail } = await askLan(witness, node.address, signal);
    return { effect: silent, detail };
  },
  restore: raise,
  heal: comeUp,
  settle: untilRouted,
});
