/**
 * One datagram per sample, each from a socket of its own: a new flow, for which the way is chosen anew.
 *
 * The socket is connected, so that the kernel hands it the ICMP error "port unreachable". Of the other ICMP errors it hands
 * UDP none: such a sample times out.
 */
import { createSocket } from 'node:dgram';
import type { ProbeSpec } from '../spec.ts';
import { attempt, type Probe, type Settle } from './attempt.ts';
import { classOfError } from './classify.ts';

/** What was sent comes back, and behind it the name of who sent it back. */
export function echoed(answer: string, payload: string): { answeredBy: string | null } | undefined {
  if (answer === payload) return { answeredBy: null };
  return answer.startsWith(`${payload} `) ? { answeredBy: answer.slice(payload.length + 1) } : undefined;
}

export function udpProbe(spec: Extract<ProbeSpec, { kind: 'udp' }>, settle: Settle): Probe {
  // Whose it is: a late answer to another prober's socket of the same port is none to this one.
  const of = `faultline ${spec.name} ${process.pid}`;
  return {
    send(sample) {
      const payload = `${of} ${sample.sequence}`;
      const socket = createSocket('udp4');
      // Settling is the end of every sample, and there it lets go of its socket.
      const closing: Settle = (...settled) => {
        socket.close();
        settle(...settled);
      };
      const finish = attempt(sample, spec.timeoutMs, closing, () => {});
      socket.on('error', (error) => finish(classOfError(error)));
      socket.on('message', (answer) => {
        const echo = echoed(answer.toString(), payload);
        if (echo) finish('ok', echo.answeredBy);
        else finish('wrong-answer');
      });
      socket.connect(spec.port, spec.address, () => {
        socket.send(payload, (error) => {
          if (error) finish(classOfError(error));
        });
      });
    },
    close() {},
  };
}
