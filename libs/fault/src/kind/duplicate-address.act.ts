/**
 * Puts the clients' address on the LAN interface of a machine that does not hold it. Its kernel then answers for it.
 *
 * The address gets a label of ours, by which it is told from one that the load balancer puts there, and found again.
 */
import { isIPv4 } from 'node:net';
import { whoHas } from '@faultline/cluster';
import { containerCommander, type Commander } from '@faultline/control';
import { ADDRESS_LABEL } from '../dataplane.ts';
import { isDead } from '../table-owner.ts';
import type { Act, Scene } from './act.ts';

const DEVICE = /^[a-z0-9.-]{1,15}$/;
const ANSWER_MS = 5_000;

export const duplicateAct: Act = {
  keepsDataPlane: true,

  async survey({ node, address, witness, signal }) {
    if (!address)
      throw new Error('clients use the addresses of the nodes themselves here: there is no other to double');
    const holders = witness ? await whoHas(witness, address, { signal }) : [];
    const isThere = (await held(node.side, node.interface)).some(({ local }) => local === address);
    if (isThere || holders.includes(node.mac))
      throw new Error(`${node.name} holds ${address} itself. Allowed: a machine that does not, e.g. a bystander`);
    return { address, device: node.interface };
  },

  async prepare(scene, memory) {
    const { engine, node, signal } = scene;
    const { address, device } = where(memory);
    const heal = async () => void ((await isDead(engine, node.side.container)) || (await remove(node.side, memory)));
    return {
      strike: async () => {
        const label = `${device}:${ADDRESS_LABEL}`;
        await node.side.exec(['ip', 'address', 'add', `${address}/32`, 'dev', device, 'label', label], { signal });
      },
      async prove(proveSignal) {
        const state = await isOurs(node.side, memory);
        const { effect, detail } = await answers(scene, proveSignal);
        return { state, effect, detail: `${address} is ${state ? '' : 'not '}on its ${device}, ${detail}` };
      },
      heal,
      async proveGone() {
        if (await isDead(engine, node.side.container))
          return { state: true, effect: null, detail: 'the node is gone, and the address with it' };
        const left = await isOurs(node.side, memory);
        return { state: !left, effect: null, detail: `${address} is ${left ? 'still' : 'no longer'} on its ${device}` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  async undo(engine, { side, node, memory = {} }) {
    const { address, device } = where(memory);
    if (!isIPv4(address) || !DEVICE.test(device)) return `refused: ${address} on ${device} is no address of ours`;
    if (await isDead(engine, side)) return 'the side-car is gone, and it with it';
    return await remove(containerCommander(engine, side, `${node} (side-car)`), memory);
  },
};

type Memory = Parameters<Act['prepare']>[1];

const where = ({ address = '', device = '' }: Memory): { address: string; device: string } => ({
  address: String(address),
  device: String(device),
});

async function answers(
  { witness, address = '' }: Scene,
  signal: AbortSignal,
): Promise<{ effect: boolean | null; detail: string }> {
  if (!witness) return { effect: null, detail: 'nobody on the LAN was there to ask who has it' };
  const macs = await whoHas(witness, address, { signal });
  return { effect: macs.length > 1, detail: `${macs.join(' and ') || 'nobody'} answers who has it` };
}

interface Held {
  readonly local?: string;
  readonly label?: string;
}

async function held(side: Commander, device: string): Promise<readonly Held[]> {
  const argv = ['ip', '-json', '-4', 'address', 'show', 'dev', device];
  const { stdout } = await side.exec(argv, { timeoutMs: ANSWER_MS });
  return (JSON.parse(stdout) as readonly { addr_info?: readonly Held[] }[]).flatMap(({ addr_info: all }) => all ?? []);
}

async function isOurs(side: Commander, memory: Memory): Promise<boolean> {
  const { address, device } = where(memory);
  return (await held(side, device)).some(
    ({ local, label }) => local === address && label === `${device}:${ADDRESS_LABEL}`,
  );
}

async function remove(side: Commander, memory: Memory): Promise<string> {
  if (!(await isOurs(side, memory))) return 'was not there';
  const { address, device } = where(memory);
  await side.exec(['ip', 'address', 'delete', `${address}/32`, 'dev', device], { timeoutMs: ANSWER_MS });
  return `${address} was taken off ${device}`;
}
