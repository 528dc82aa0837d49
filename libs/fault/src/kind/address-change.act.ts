/** Gives the LAN interface another address. A system that does so restores its own routes; those of Flannel, Flannel must. */
import { isIPv4 } from 'node:net';
import { whoHas } from '@faultline/cluster';
import type { Commander } from '@faultline/control';
import { askLan } from '../lan.ts';
import { addresses, asLines, ip, replaceRoutes } from '../routes.ts';
import type { Act } from './act.ts';
import { changeAct, type Memory } from './change.act.ts';
import { ours, routesOf, untilRouted } from './link.ts';

/** Nodes are at .10 and up, at most 27 of them: their second selves are at .60 and up, where nobody is. */
const FURTHER = 50;

export function besides(address: string): string {
  const [first, second, third, host] = address.split('.');
  return [first, second, third, Number(host) + FURTHER].join('.');
}

const added = (address: Memory[string] | undefined, { device, prefix, broadcast }: Memory): string =>
  `address add ${address}/${prefix} brd ${broadcast} dev ${device}`;
const deleted = (address: Memory[string] | undefined, { device, prefix }: Memory): string =>
  `address delete ${address}/${prefix} dev ${device}`;

export const addressAct: Act = changeAct({
  async survey(scene) {
    const { node, witness, signal } = scene;
    const held = (await addresses(node.side, node.interface)).find(({ local }) => local === node.address);
    if (!held?.broadcast) throw new Error(`${node.name} does not hold ${node.address}: there is nothing to change`);
    const other = besides(node.address);
    const taken = witness ? await whoHas(witness, other, { signal }) : [];
    if (taken.length > 0) throw new Error(`${other} is held by ${taken.join(' and ')} already`);
    const { prefixlen: prefix, broadcast, local: address } = held;
    return { device: node.interface, address, other, prefix, broadcast, ...(await routesOf(scene)) };
  },
  async strike(side, memory, signal) {
    await ip(
      side,
      [
        deleted(memory['address'], memory),
        added(memory['other'], memory),
        ...replaceRoutes(ours(memory).filter((route) => !route.includes(' via '))),
      ],
      signal,
    );
  },
  async look(side, { device, address, other }) {
    const held = (await addresses(side, String(device))).map(({ local }) => local);
    const inForce = held.includes(String(other)) || !held.includes(String(address));
    return { inForce, detail: `${device} holds ${held.join(', ') || 'no address'}` };
  },
  async seen({ witness, node }, _memory, signal) {
    const { silent, detail } = await askLan(witness, node.address, signal);
    return { effect: silent, detail };
  },
  restore: (side, memory) => back(side, memory, asLines(memory['routes'])),
  heal: (side, memory) => back(side, memory, ours(memory)),
  settle: untilRouted,
});

async function back(side: Commander, memory: Memory, routes: readonly string[]): Promise<string> {
  const { device, address, other } = memory;
  if (!isIPv4(String(address)) || !isIPv4(String(other))) return `refused: ${address} and ${other} are no addresses`;
  const held = (await addresses(side, String(device))).map(({ local }) => local);
  const isWrong = held.includes(String(other));
  const isMissing = !held.includes(String(address));
  await ip(side, [
    ...(isWrong ? [deleted(other, memory)] : []),
    ...(isMissing ? [added(address, memory)] : []),
    ...replaceRoutes(routes),
  ]);
  return isWrong || isMissing ? `${address} is back on ${device}` : 'was as it should be';
}
