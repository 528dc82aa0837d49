/** The harness side, with a prober that is played. */
import { PassThrough } from 'node:stream';
import { done, notYet, waitFor, type Commander, type FileToCopy, type Running } from '@faultline/control';
import { memoryHistory } from '@faultline/history';
import { describe, expect, test } from 'vitest';
import { edgeProbes, podProbe } from './plan.ts';
import type { Line } from './prober/report.ts';
import { startProber } from './prober.ts';

const TCP = edgeProbes({ address: '198.18.7.200', port: 80, host: 'a.test', path: '/', kinds: ['tcp'] });
const here = { name: 'client' };

interface Played {
  readonly commander: Commander;
  readonly copied: FileToCopy[];
  readonly started: string[][];
  readonly heard: () => string;
  say(line: Line): void;
  die(exitCode: number, words?: string): void;
}

/** @param heeds whether it ends when its standard input does. */
function play({ heeds = true }: { heeds?: boolean } = {}): Played {
  const copied: FileToCopy[] = [];
  const started: string[][] = [];
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const exited = Promise.withResolvers<number>();
  let heard = '';
  const die = (exitCode: number, words = '') => {
    stderr.end(words);
    stdout.end();
    setImmediate(() => exited.resolve(exitCode));
  };
  stdin.on('data', (piece: Buffer) => (heard += piece.toString()));
  stdin.on('end', () => heeds && die(0));
  const running: Running = { stdin, stdout, stderr, exited: exited.promise, [Symbol.asyncDispose]: async () => {} };
  return {
    copied,
    started,
    heard: () => heard,
    die,
    say: (line) => void stdout.write(`${JSON.stringify(line)}\n`),
    commander: {
      name: 'client',
      exec: () => Promise.reject(new Error('nothing is to be executed')),
      copyIn: async (files) => void copied.push(...files),
      start: async (argv, options = {}) => {
        started.push([...argv]);
        options.signal?.addEventListener('abort', () => die(-1));
        return running;
      },
    },
  };
}

async function playing(played = play(), nodeOfMac?: (mac: string) => string | null) {
  const history = memoryHistory();
  const signal = new AbortController().signal;
  const starting = startProber(played.commander, here, TCP, { history, signal, ...(nodeOfMac && { nodeOfMac }) });
  played.say({ type: 'ready', scheduling: 'nice -20' });
  const prober = await starting;
  const types = () => history.events.map(({ type }) => type);
  return { ...played, history, prober, types };
}

describe('a prober', () => {
  test('gets its program and its probes, and what it says is the history', async () => {
    const { prober, history, say, heard, copied, types } = await playing();
    say({ type: 'samples', probe: 'edge-tcp', rows: [[0, 10, 11, 5, 'ok', null]] });
    await prober.stop();
    expect(JSON.parse(heard())).toEqual(TCP);
    expect(copied.map(({ path }) => path)).toContain('/faultline/probe/main.ts');
    expect(copied.filter(({ path }) => path.endsWith('.test.ts'))).toEqual([]);
    expect(types()).toEqual(['note', 'probe.begin', 'samples', 'probe.end']);
    expect(history.events.at(-1)).toMatchObject({ type: 'probe.end', probe: 'edge-tcp', sent: 1 });
  });

  test('that is stopped twice ends once', async () => {
    const { prober, types } = await playing();
    await Promise.all([prober.stop(), prober.stop(), prober[Symbol.asyncDispose]()]);
    expect(types().filter((type) => type === 'probe.end')).toHaveLength(1);
    expect(prober.alive).toBe(false);
  });

  test('whose container dies ends without an error, with a warning', async () => {
    const { prober, history, die, types } = await playing();
    die(137, 'Killed');
    await waitFor('its end', async () => (prober.alive ? notYet('alive') : done(undefined)), {
      withinMs: 2000,
      everyMs: 5,
    });
    await prober.stop();
    expect(prober.alive).toBe(false);
    expect(types().at(-1)).toBe('probe.end');
    const warnings = history.events.flatMap((event) =>
      event.type === 'note' && event.level === 'warning' ? [event.text] : [],
    );
    expect(warnings).toEqual([
      'prober from client: ended by itself, with code 137; its container may have died. It said: Killed',
    ]);
  });

  test('tells whose an ARP packet is', async () => {
    const { prober, history, say } = await playing(play(), (mac) => (mac === '02:00' ? 'agent-0' : null));
    const packet = {
      type: 'arp',
      time: 5,
      operation: 'reply',
      gratuitous: true,
      senderAddress: 'a',
      targetAddress: 'a',
    } as const;
    say({ ...packet, senderMac: '02:00' });
    say({ ...packet, senderMac: '02:01' });
    await prober.stop();
    expect(history.events.flatMap((event) => (event.type === 'arp' ? [event.node] : []))).toEqual(['agent-0', null]);
  });
});

describe('what a prober says besides', () => {
  test('whom the client sends to is told with the node, where there is a MAC', async () => {
    const { prober, history, say } = await playing(play(), (mac) => (mac === '02:00' ? 'agent-0' : null));
    const entry = { type: 'neighbour', time: 5, address: 'a' } as const;
    say({ ...entry, mac: '02:00', state: 'REACHABLE' });
    say({ ...entry, mac: null, state: 'FAILED' });
    await prober.stop();
    const seen = history.events.flatMap((event) => (event.type === 'neighbour' ? [[event.state, event.node]] : []));
    expect(seen).toEqual([
      ['REACHABLE', 'agent-0'],
      ['FAILED', null],
    ]);
  });

  test('what becomes of a stream is told as it is', async () => {
    const { prober, history, say } = await playing();
    const line = { type: 'stream', probe: 'edge-stream', time: 5, connection: 2, what: 'reset', detail: 'd' } as const;
    say(line);
    await prober.stop();
    expect(history.events.find(({ type }) => type === 'stream')).toMatchObject(line);
  });
});

describe('a start that fails', () => {
  const start = (played: Played, signal = new AbortController().signal) =>
    startProber(played.commander, here, TCP, { history: memoryHistory(), signal });

  test('says what the program said', async () => {
    const played = play();
    const starting = start(played);
    played.die(1, 'no interface eth9 here');
    await expect(starting).rejects.toThrow(
      'the prober from client did not start on client: it ended with code 1. It said: no interface eth9 here',
    );
  });

  test('is cut short by the signal', async () => {
    const cancel = new AbortController();
    const starting = start(play({ heeds: false }), cancel.signal);
    cancel.abort(new Error('Ctrl-C'));
    await expect(starting).rejects.toThrow('Ctrl-C');
  });

  test('by probes that cannot be sent touches nothing', async () => {
    const played = play();
    const [spec] = TCP;
    const specs = spec ? [{ ...spec, rateHz: 5000 }] : [];
    const starting = startProber(played.commander, here, specs, {
      history: memoryHistory(),
      signal: new AbortController().signal,
    });
    await expect(starting).rejects.toThrow(
      'the probes from client cannot be sent:\nprobe edge-tcp: rateHz is 5000, allowed are 1 to 500',
    );
    expect(played.copied).toEqual([]);
  });
});

test('from a pod, the program runs in the network namespace of the pod', async () => {
  const played = play();
  const vantage = { name: 'pod-0', netns: '/proc/1/root/run/netns/pod-0' };
  const signal = new AbortController().signal;
  const specs = [podProbe('a', 'b', '10.42.0.2', 8181)];
  const starting = startProber(played.commander, vantage, specs, { history: memoryHistory(), signal });
  played.say({ type: 'ready', scheduling: 'none' });
  await (await starting).stop();
  expect(played.started[0]?.slice(0, 3)).toEqual(['nsenter', '--net=/proc/1/root/run/netns/pod-0', '--']);
});
