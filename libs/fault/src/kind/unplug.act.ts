/** Drops every frame that crosses the LAN interface. Healing does not need it: the harness reaches the node through the engine. */
import { askLan } from '../lan.ts';
import { unplugScript } from '../nft.ts';
import type { Act } from './act.ts';
import { packetAct } from './packet.act.ts';

export const unplugAct: Act = packetAct({
  script: ({ plan, node }) => unplugScript(plan.id, node.interface),
  async seen({ witness, node }, signal) {
    const { silent, detail } = await askLan(witness, node.address, signal);
    return { effect: silent, detail };
  },
});
