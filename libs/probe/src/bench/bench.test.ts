/** The harness side of latency and throughput, with programs that are played. */
import { PassThrough } from 'node:stream';
import type { Commander, Running } from '@faultline/control';
import { memoryHistory, type SampleRow } from '@faultline/history';
import { expect, test } from 'vitest';
import { podProbe } from '../plan.ts';
import { measureLatency } from './latency.ts';
import { measureThroughput } from './throughput.ts';

const signal = new AbortController().signal;

/** A program that says these lines at once, and ends when its standard input does. */
function playing(name: string, lines: readonly object[], ended: string[] = []): Commander & { started: string[][] } {
  const started: string[][] = [];
  const start = async (argv: readonly string[]): Promise<Running> => {
    started.push([...argv]);
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const exited = Promise.withResolvers<number>();
    stdin.resume().once('end', () => {
      ended.push(name);
      stderr.end();
      stdout.end();
      setImmediate(() => exited.resolve(0));
    });
    for (const line of lines) stdout.write(`${JSON.stringify(line)}\n`);
    return {
      stdin,
      stdout,
      stderr,
      exited: exited.promise,
      [Symbol.asyncDispose]: async () => {
        stdin.end();
        await exited.promise;
      },
    };
  };
  const exec = () => Promise.reject(new Error('nothing is to be executed'));
  return { name, started, start, exec, copyIn: async () => {} };
}

const reading = (seconds: number, user: number) => ({ at: seconds * 1e9, stat: `cpu ${user} 0 0 0 0 0 0 0` });
const sent = {
  type: 'sent',
  iperf: JSON.stringify({ end: { sum_sent: { retransmits: 1 }, sum_received: { bytes: 1e9, seconds: 2 } } }),
  idle: [reading(0, 0), reading(1, 10)],
  busy: [reading(1, 10), reading(3, 210)],
};

test('throughput is that of one connection between two namespaces, and both ends have ended after it', async () => {
  const ended: string[] = [];
  const [client, server] = [playing('a', [sent], ended), playing('b', [{ type: 'listening' }], ended)];
  const found = await measureThroughput({
    from: { commander: client, netns: '/proc/1/root/run/netns/a' },
    to: { commander: server, netns: '/proc/1/root/run/netns/b', address: '10.42.1.10' },
    seconds: 2,
    signal,
  });
  expect(found).toMatchObject({ bytes: 1e9, seconds: 2, retransmits: 1, cpuSeconds: 2, idleCpus: 0.1 });
  expect(server.started[0]?.join(' ')).toBe(
    'nsenter --net=/proc/1/root/run/netns/b -- node /faultline/probe/throughput.ts serve 10.42.1.10 5201',
  );
  expect(client.started[0]?.slice(-4)).toEqual(['send', '10.42.1.10', '5201', '2']);
  expect(ended.toSorted()).toEqual(['a', 'b']);
});

test('an end that fails is named with what iperf3 said, and takes the other along', async () => {
  const ended: string[] = [];
  const refused = { type: 'failed', why: 'unable to connect to server: Connection refused' };
  const options = {
    from: { commander: playing('agent-0 (side-car)', [refused], ended) },
    to: { commander: playing('b', [{ type: 'listening' }], ended), address: '10.42.1.10' },
    seconds: 2,
    signal,
  };
  await expect(measureThroughput(options)).rejects.toThrow(
    'iperf3 on agent-0 (side-car) failed: unable to connect to server: Connection refused',
  );
  expect(ended.toSorted()).toEqual(['agent-0 (side-car)', 'b']);
});

test('latencies are those of a punctual prober, in order, without the first moment', async () => {
  const probe = podProbe('a', 'b', '10.42.1.10', 8181);
  const row = (sequence: number): SampleRow => [sequence, sequence * 50e6, sequence * 50e6 + 1e3, 1e6, 'ok', null];
  // Seven samples 50 ms apart, from 0 to 300 ms, the last before the last but one, as after a slow answer.
  const rows = [0, 1, 2, 3, 4, 6, 5].map(row);
  const commander = playing('side-car', [
    { type: 'ready', scheduling: 'nice -20' },
    { type: 'samples', probe: probe.name, rows },
  ]);
  const history = memoryHistory();
  const [found] = await measureLatency({
    commander,
    vantage: { name: 'a' },
    specs: [probe],
    seconds: 0,
    history,
    signal,
  });
  expect(found?.rows.map(([sequence]) => sequence)).toEqual([4, 5, 6]);
  expect(found?.lateness?.count).toBe(7);
  expect(commander.started[0]?.at(-1)).toBe('punctual');
  expect(history.events.some(({ type }) => type === 'samples')).toBe(true);
});
