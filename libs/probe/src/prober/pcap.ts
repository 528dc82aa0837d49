/** Reads what `tcpdump -w -` writes: a stream of captured packets with the kernel's nanosecond wall-clock stamps. */
import { Buffer } from 'node:buffer';

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
/** Magic number of a capture with nanosecond stamps. */
const NANOSECONDS = 0xa1b23c4d;

export interface Packet {
  /** Wall time, nanoseconds. Beyond a double's exactness by up to 256 ns. */
  readonly wall: number;
  readonly frame: Buffer;
}

/** Takes the stream in pieces of any size; gives the packets that are complete. */
export function pcapReader(): (piece: Buffer) => readonly Packet[] {
  let rest: Buffer = Buffer.alloc(0);
  let little: boolean | undefined;
  return (piece) => {
    rest = Buffer.concat([rest, piece]);
    if (little === undefined) {
      if (rest.length < FILE_HEADER) return [];
      little = isLittleEndian(rest);
      rest = rest.subarray(FILE_HEADER);
    }
    const number = little ? (at: number) => rest.readUInt32LE(at) : (at: number) => rest.readUInt32BE(at);
    const packets: Packet[] = [];
    while (rest.length >= PACKET_HEADER && rest.length >= PACKET_HEADER + number(8)) {
      const end = PACKET_HEADER + number(8);
      packets.push({ wall: number(0) * 1e9 + number(4), frame: rest.subarray(PACKET_HEADER, end) });
      rest = rest.subarray(end);
    }
    return packets;
  };
}

function isLittleEndian(header: Buffer): boolean {
  if (header.readUInt32LE(0) === NANOSECONDS) return true;
  if (header.readUInt32BE(0) === NANOSECONDS) return false;
  throw new Error(`not a capture with nanosecond stamps: begins with ${header.subarray(0, 4).toString('hex')}`);
}
