/** Drops what the node says of an address by ARP, whoever on it says so: the kernel, or a speaker with a raw socket. */
import { askLan } from '../lan.ts';
import { arpSilenceScript } from '../packets.ts';
import type { Act, Scene } from './act.ts';
import { packetAct } from './packet.act.ts';

export const arpSilenceAct: Act = packetAct({
  script: (scene) => arpSilenceScript(scene.plan.id, addressOf(scene), scene.node.interface),
  async seen(scene, signal) {
    const { silent, detail } = await askLan(scene.witness, addressOf(scene), signal);
    return { effect: silent, detail };
  },
});

function addressOf({ plan, node, address }: Scene): string {
  if (plan.parameters['of'] === 'node') return node.address;
  if (address) return address;
  throw new Error("clients use the addresses of the nodes themselves here. Allowed: of 'node'");
}
