/** The story of an address that nobody held: who-has, captured packets, neighbour table, and what the control plane told of it. */
import type { RunEvent } from '@faultline/history';
import type { SyntheticEvent, SyntheticProbe } from './synthetic-run.ts';

export const VIRTUAL_ADDRESS = '198.18.4.200';

/** Who is on the synthetic LAN: .10, .11, ... in this order. */
const MACHINES = ['server-0', 'agent-0', 'agent-1'] as const;
export type Machine = (typeof MACHINES)[number];

export const macOf = (machine: Machine): string => `02:42:c6:12:04:0${'abc'[MACHINES.indexOf(machine)]}`;
export const addressOf = (machine: Machine): string => `198.18.4.1${MACHINES.indexOf(machine)}`;

/** From so many seconds after the fault in force the address is held by these: one, none, or too many. In order of time. */
export interface Holding {
  readonly from: number;
  readonly by: readonly Machine[];
}

export interface SyntheticAddress {
  /** The who-has probe, ten a second. */
  readonly probe: SyntheticProbe;
  /** The LAN, each new holder's announcement, and the client's neighbour table, which believes it 2 ms later. */
  readonly events: readonly SyntheticEvent[];
}

export function addressHeld(holdings: readonly Holding[]): SyntheticAddress {
  const silent = holdings.flatMap(({ from, by }, index) =>
    by.length > 0 ? [] : [{ from, to: holdings[index + 1]?.from ?? Infinity, result: 'timeout' as const }],
  );
  const answers = holdings.map(({ from, by }) => ({ from, by: [by.map(macOf).join(',')] }));
  const taken = holdings.flatMap(({ from, by }, index) => {
    const before = holdings.slice(0, index).findLast((holding) => holding.by.length > 0)?.by ?? [];
    return by.filter((machine) => !before.includes(machine)).map((machine) => ({ at: from, machine }));
  });
  return {
    probe: { name: 'edge-arp', layer: 'arp', rateHz: 10, sees: silent, answers },
    events: [
      { at: -Infinity, event: LAN },
      ...taken.flatMap(({ at, machine }) => [claim(at, machine), neighbour(at + 0.002, machine)]),
    ],
  };
}

const LAN: RunEvent = {
  type: 'lan',
  subnet: '198.18.4.0/24',
  machines: MACHINES.map((name) => ({
    name,
    role: name.startsWith('server') ? 'server' : 'agent',
    address: addressOf(name),
    mac: macOf(name),
  })),
  pool: ['198.18.4.200', '198.18.4.219'],
  virtualAddress: VIRTUAL_ADDRESS,
};

/** A captured packet by which the machine says that the address is his: gratuitous, unless told. */
export function claim(
  at: number,
  machine: Machine,
  { address = VIRTUAL_ADDRESS, gratuitous = true }: { address?: string; gratuitous?: boolean } = {},
): SyntheticEvent {
  const targetAddress = gratuitous ? address : '198.18.4.100';
  const operation = gratuitous ? 'request' : 'reply';
  const [senderMac, senderAddress] = [macOf(machine), address];
  return {
    at,
    event: { type: 'arp', time: 0, operation, gratuitous, senderMac, senderAddress, targetAddress, node: machine },
  };
}

/** The client's kernel sends its packets for the address to the machine from now on. */
export function neighbour(at: number, machine: Machine): SyntheticEvent {
  const event = { type: 'neighbour', time: 0, address: VIRTUAL_ADDRESS, mac: macOf(machine), node: machine } as const;
  return { at, event: { ...event, state: 'REACHABLE' } };
}

export function leaseHeld(at: number, holder: string, name = 'plndr-svcs-lock'): SyntheticEvent {
  const watch = { type: 'watch', kind: 'Lease', verb: 'MODIFIED', namespace: 'kube-system', name } as const;
  return { at, event: { ...watch, summary: { holder, seconds: 15 } } };
}

/** MetalLB's status object of the node that announces. */
export function announcedBy(at: number, node: string): SyntheticEvent {
  const watch = { type: 'watch', kind: 'ServiceL2Status', verb: 'ADDED', namespace: 'metallb-system' } as const;
  return { at, event: { ...watch, name: `l2-${node}`, summary: { node } } };
}

/** MetalLB's word for it, in an Event of the Service. */
export function nodeAssigned(at: number, node: string): SyntheticEvent {
  const watch = { type: 'watch', kind: 'Event', verb: 'ADDED', namespace: 'kube-system', name: 'traefik.17' } as const;
  const message = `announcing from node "${node}" with protocol "layer2"`;
  return { at, event: { ...watch, summary: { reason: 'nodeAssigned', regarding: 'Service/traefik', message } } };
}

type StreamEvent = Extract<RunEvent, { type: 'stream' }>;

export function stream(at: number, what: StreamEvent['what'], detail = ''): SyntheticEvent {
  return { at, event: { type: 'stream', probe: 'edge-stream', time: 0, connection: 1, what, detail } };
}

export function inventory(...loadBalancers: readonly string[]): SyntheticEvent {
  return { at: -Infinity, event: { type: 'inventory', loadBalancers, detail: 'synthetic' } };
}
