/** Sends back every datagram, with the name of who did so behind it. */
import { Buffer } from 'node:buffer';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Self } from './self.ts';

/** A longer datagram is not answered: its sender may be forged, and the answer is longer than what was sent. */
const LONGEST = 512;

/** It goes on until the process ends: who is leaving is still sent datagrams for a while. */
export async function echoOf(self: Self): Promise<Socket> {
  const socket = createSocket(self.listen?.includes(':') ? 'udp6' : 'udp4');
  const name = Buffer.from(` ${self.pod}@${self.node}`);
  socket.bind({ port: self.echoPort, ...(self.listen && { address: self.listen }) });
  await once(socket, 'listening');
  socket.on('error', (error) => process.stderr.write(`${String(error)}\n`));
  socket.on('message', (datagram, { address, port }) => {
    // To whom it cannot be sent is nobody to be told.
    if (datagram.length <= LONGEST) socket.send(Buffer.concat([datagram, name]), port, address, () => {});
  });
  return socket;
}
