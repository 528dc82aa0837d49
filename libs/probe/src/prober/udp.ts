/**
 * One datagram per sample, each from a socket and a port of its own: a new flow, for which the way is chosen anew.
 *
 * The socket is connected, so that the kernel hands it the ICMP error "port unreachable". Of the other ICMP errors it hands
 * UDP none: such a sample times out.
 */
import { createSocket } from 'node:dgram';
import type { ProbeSpec } from '../spec.ts';
import { attempt, type Probe, type Settle } from './attempt.ts';
import { classOfError } from './classify.ts';
import { fromFreshPort } from './fresh-port.ts';

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
      let close = (): void => {};
      // Settling is the end of every sample, and there it lets go of its socket.
      const closing: Settle = (...settled) => {
        close();
        settle(...settled);
      };
      const finish = attempt(sample, spec.timeoutMs, closing, () => {});
      const failed = (error: Error) => finish(classOfError(error));
      const open = (localPort: number) => {
        // Of a port that was taken.
        close();
        const socket = createSocket('udp4');
        close = () => void socket.close();
        socket.on('message', (answer) => {
          const echo = echoed(answer.toString(), payload);
          if (echo) finish('ok', echo.answeredBy);
          else finish('wrong-answer');
        });
        const send = () => socket.send(payload, (error) => error && failed(error));
        socket.bind(localPort, () => socket.connect(spec.port, spec.address, send));
        return Object.assign(socket, { destroy: close });
      };
      fromFreshPort(spec, open, failed);
    },
    close() {},
  };
}
