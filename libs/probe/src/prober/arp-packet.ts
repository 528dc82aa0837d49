/** ARP packets on Ethernet, to and from bytes. */
import { Buffer } from 'node:buffer';

export interface ArpPacket {
  readonly operation: 'request' | 'reply';
  readonly senderMac: string;
  readonly senderAddress: string;
  readonly targetMac: string;
  readonly targetAddress: string;
}

const ETHERNET = 14;
const LENGTH = ETHERNET + 28;
const ARP = 0x0806;
const REQUEST = 1;
const REPLY = 2;

/** Undefined where it is no ARP request or reply for IPv4 on Ethernet. */
export function parseArp(frame: Buffer): ArpPacket | undefined {
  if (frame.length < LENGTH || frame.readUInt16BE(12) !== ARP) return undefined;
  const operation = frame.readUInt16BE(ETHERNET + 6);
  if (operation !== REQUEST && operation !== REPLY) return undefined;
  return {
    operation: operation === REQUEST ? 'request' : 'reply',
    senderMac: macAt(frame, ETHERNET + 8),
    senderAddress: addressAt(frame, ETHERNET + 14),
    targetMac: macAt(frame, ETHERNET + 18),
    targetAddress: addressAt(frame, ETHERNET + 24),
  };
}

/** It announces its own sender: both addresses are the same. */
export const isGratuitous = (packet: ArpPacket): boolean => packet.senderAddress === packet.targetAddress;

/**
 * Asks who has an address, in the form of an address probe (RFC 5227: sender 0.0.0.0), which changes nobody's neighbour table.
 * @param mac where the answers go.
 */
export function whoHas(address: string, mac: string): Buffer {
  const from = Buffer.from(mac.replaceAll(':', ''), 'hex');
  const frame = Buffer.alloc(60);
  frame.fill(0xff, 0, 6);
  from.copy(frame, 6);
  frame.writeUInt16BE(ARP, 12);
  // Hardware type Ethernet, protocol type IPv4, their address lengths, operation.
  frame.set([0, 1, 8, 0, 6, 4, 0, REQUEST], ETHERNET);
  from.copy(frame, ETHERNET + 8);
  frame.set(address.split('.').map(Number), ETHERNET + 24);
  return frame;
}

function macAt(frame: Buffer, at: number): string {
  return [...frame.subarray(at, at + 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

const addressAt = (frame: Buffer, at: number): string => frame.subarray(at, at + 4).join('.');
