/**
 * One long-lived response that is only read, asked ten times a second whether it is still alive.
 *
 * A sample is good when the next line comes before the connection was silent for the sample's timeout, counted from the
 * line before. So all samples of a longer silence are lost, none outside of it, and one line that is late loses nothing.
 * What ends a connection loses the sample that is open or, where none is, the next one.
 */
import type { SampleClass } from '@faultline/history';
import { attempt, type Finish, type Probe, type Settle } from './attempt.ts';
import type { Report } from './report.ts';
import { keepReading, type StreamSpec } from './stream-connection.ts';

export function streamProbe(report: Report): (spec: StreamSpec, settle: Settle) => Probe {
  return (spec, settle) => {
    const open = new Set<Finish>();
    let owed: SampleClass | undefined;
    /** Without a connection, a silence has the class of what the last attempt at one came to. */
    let silenceIs: SampleClass = 'timeout';
    const reader = keepReading(spec, report, {
      line(answeredBy) {
        silenceIs = 'timeout';
        for (const finish of open) finish('ok', answeredBy);
      },
      ended(result, wasAlive) {
        silenceIs = result;
        if (wasAlive && open.size === 0) owed = result;
        for (const finish of open) finish(result);
      },
    });
    return {
      send(sample) {
        // In a silence nothing is left of it: the sample is lost as soon as what waits in the socket was read.
        const left = Math.max(0, spec.timeoutMs - reader.silentMs());
        const forget: Settle = (one, sent, duration, { result, answeredBy }) => {
          open.delete(finish);
          settle(one, sent, duration, { result: result === 'timeout' ? silenceIs : result, answeredBy });
        };
        const finish = attempt(sample, left, forget, () => {});
        open.add(finish);
        if (owed !== undefined) finish(owed);
        owed = undefined;
      },
      close: () => reader.close(),
    };
  };
}
