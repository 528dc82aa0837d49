/** One echo request per sample, on an ICMP datagram socket that was opened for us (see sockets.pl). */
import { Buffer } from 'node:buffer';
import { createSocket } from 'node:dgram';
import type { ProbeSpec } from '../spec.ts';
import { attempt, type Finish, type Probe, type Settle } from './attempt.ts';
import { classOfError } from './classify.ts';

const HEADER = 8;
const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;

/** The kernel fills in checksum and identifier. The whole sequence number is in the data: the field has 16 bits only. */
export function echoRequest(probe: number, sequence: number): Buffer {
  const packet = Buffer.alloc(HEADER + 8 + 40);
  packet.writeUInt8(ECHO_REQUEST, 0);
  packet.writeUInt16BE(sequence & 0xffff, 6);
  packet.writeUInt32BE(probe, HEADER);
  packet.writeUInt32BE(sequence, HEADER + 4);
  return packet;
}

export function echoReply(packet: Buffer): { probe: number; sequence: number } | undefined {
  if (packet.length < HEADER + 8 || packet.readUInt8(0) !== ECHO_REPLY) return undefined;
  return { probe: packet.readUInt32BE(HEADER), sequence: packet.readUInt32BE(HEADER + 4) };
}

/** All ICMP probes of a prober share the one socket, which is asked for by the first. */
export function icmpProbes(
  descriptor: () => number,
): (spec: Extract<ProbeSpec, { kind: 'icmp' }>, settle: Settle) => Probe {
  const socket = createSocket('udp4');
  const waiting = new Map<string, Finish>();
  let probes = 0;
  const keyOf = (probe: number, sequence: number) => `${probe}:${sequence}`;
  socket.on('message', (packet) => {
    const reply = echoReply(packet);
    if (reply) waiting.get(keyOf(reply.probe, reply.sequence))?.('ok');
  });
  // Errors that belong to no one sample: the samples concerned time out.
  socket.on('error', () => {});
  return (spec, settle) => {
    if (probes === 0) socket.bind({ fd: descriptor() });
    const probe = probes++;
    return {
      send(sample) {
        const key = keyOf(probe, sample.sequence);
        const forget: Settle = (...settled) => {
          waiting.delete(key);
          settle(...settled);
        };
        const packet = echoRequest(probe, sample.sequence);
        const one = attempt(sample, spec.timeoutMs, forget, () => {});
        waiting.set(key, one);
        // The port means nothing to ICMP, but dgram refuses 0.
        socket.send(packet, 1, spec.address, (error) => {
          if (error) one(classOfError(error));
        });
      },
      close() {
        if (--probes === 0) socket.close();
      },
    };
  };
}
