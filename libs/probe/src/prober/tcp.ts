/** One TCP connection per sample: connected is good. It is reset at once, so that none is left in TIME_WAIT. */
import { connect } from 'node:net';
import type { ProbeSpec } from '../spec.ts';
import { attempt, type Probe, type Settle } from './attempt.ts';
import { classOfError } from './classify.ts';
import { fromFreshPort } from './fresh-port.ts';

export function tcpProbe(spec: Extract<ProbeSpec, { kind: 'tcp' }>, settle: Settle): Probe {
  return {
    send(sample) {
      const finish = attempt(sample, spec.timeoutMs, settle, () => giveUp());
      const open = (localPort: number) => {
        const socket = connect({ host: spec.address, port: spec.port, localPort });
        socket.once('connect', () => {
          finish('ok');
          socket.resetAndDestroy();
        });
        return socket;
      };
      const giveUp = fromFreshPort(spec, open, (error) => finish(classOfError(error)));
    },
    close() {},
  };
}
