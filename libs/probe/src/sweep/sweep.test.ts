/** The sweep's program as it is, run by a side-car that is this host. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as listenTo, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { host, type Commander, type Running } from '@faultline/control';
import { memoryHistory, type ReachCell } from '@faultline/history';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FOLDER } from '../program.ts';
import type { Asker } from './plan.ts';
import type { Ask, How } from './spec.ts';
import { Askers, type SideOf } from './sweep.ts';

const { signal } = new AbortController();
const SOURCES = join(import.meta.dirname, '../prober');

/** Runs the program from where its source lies. */
const side: Commander = {
  ...host,
  name: 'agent-0 (side-car)',
  copyIn: async () => {},
  start: (argv, options) =>
    host.start(
      argv.map((word) => word.replace(FOLDER, SOURCES)),
      options,
    ),
};

const asker = (hows: readonly How[]): Asker => ({
  node: 'agent-0',
  vantage: { name: 'agent-0' },
  asks: hows.map((how): Ask => ({ path: 'pod-pod', from: 'agent-0', to: 'agent-1', how })),
});
async function seated(askers: readonly Asker[], sideOf: SideOf = () => side): Promise<Askers> {
  const all = new Askers(sideOf, signal);
  await all.seat(askers);
  return all;
}
async function ask(...hows: How[]): Promise<readonly ReachCell[]> {
  await using askers = await seated([asker(hows)]);
  return await askers.ask();
}
/** The same, and every program that was started. */
function counting(): { readonly started: Running[]; readonly sideOf: SideOf } {
  const started: Running[] = [];
  const start: Commander['start'] = async (argv, options) => {
    const running = await side.start(argv, options);
    started.push(running);
    return running;
  };
  return { started, sideOf: () => ({ ...side, start }) };
}

let app: Server;
let dns: Socket;
let whoami: (changes?: Partial<Extract<How, { kind: 'whoami' }>>) => How;

beforeAll(async () => {
  app = createServer(({ url, socket }, response) => {
    const pad = Number(new URL(url ?? '/', 'http://pod').searchParams.get('pad') ?? 0);
    response.end(JSON.stringify({ pod: 'pod-1', remoteAddress: socket.remoteAddress, pad: '.'.repeat(pad) }));
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const { port } = app.address() as AddressInfo;
  whoami = (changes) => ({ kind: 'whoami', address: '127.0.0.1', port, pod: 'pod-1', pad: 0, ...changes });
  dns = createSocket('udp4', (query, { port: to }) => dns.send(answered(query), to, '127.0.0.1'));
  dns.bind(0, '127.0.0.1');
  await once(dns, 'listening');
});
afterAll(() => {
  app.close();
  dns.close();
});

/** The question again, with 10.43.0.1 as its answer; of a name that begins with "no" that there is none. */
function answered(query: Buffer): Buffer {
  const isKnown = query.subarray(13, 15).toString() !== 'no';
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(isKnown ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 43, 0, 1]);
  return Buffer.concat([header, question, ...(isKnown ? [record] : [])]);
}

const GOOD = { asked: 3, lost: 0, detail: '' };

describe('a question', () => {
  test('to a pod is good when that pod answers, small or large, and says whom it saw', async () => {
    expect(await ask(whoami(), whoami({ pad: 8192 }))).toMatchObject([
      { ...GOOD, sourceKept: true },
      { ...GOOD, sourceKept: true },
    ]);
  });

  test('that another pod answers is lost, and it says which', async () => {
    expect(await ask(whoami({ pod: 'pod-9' }))).toMatchObject([
      { asked: 3, lost: 3, sourceKept: null, detail: 'wrong answer: from pod-1, not pod-9' },
    ]);
  });

  test('to a port is good when somebody listens, and refused where nobody does', async () => {
    const address = '127.0.0.1';
    const nobody = listenTo((socket) => void socket.on('error', () => {})).listen(0, address);
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    expect(await ask({ kind: 'connect', address, port })).toMatchObject([{ ...GOOD, sourceKept: null }]);
    nobody.close();
    expect(await ask({ kind: 'connect', address, port })).toMatchObject([{ asked: 3, lost: 3, detail: 'refused' }]);
  });

  test('to an echo is good when a datagram comes back, and times out where nobody listens or nobody answers', async () => {
    const address = '127.0.0.1';
    const echo = createSocket('udp4', (message, from) => echo.send(message, from.port, from.address));
    const mute = createSocket('udp4').bind(0, address);
    echo.bind(0, address);
    await Promise.all([once(echo, 'listening'), once(mute, 'listening')]);
    await using askers = new Askers(() => side, signal, { times: 1, everyMs: 0, withinMs: 2000 });
    const ports = [echo.address().port, mute.address().port, 9];
    await askers.seat([asker(ports.map((port): How => ({ kind: 'echo', address, port })))]);
    expect(await askers.ask()).toMatchObject([
      { asked: 1, lost: 0 },
      { asked: 1, lost: 1, detail: 'timeout' },
      { asked: 1, lost: 1, detail: 'timeout' },
    ]);
    echo.close();
    mute.close();
  });

  test('to a resolver is good when it knows every name', async () => {
    const address = `127.0.0.1:${dns.address().port}`;
    const names = (...all: string[]): How => ({ kind: 'resolve', address, names: all });
    expect(await ask(names('a.test', 'b.test'))).toMatchObject([GOOD]);
    expect(await ask(names('a.test', 'no.test'))).toMatchObject([{ lost: 3, detail: 'ENOTFOUND' }]);
  });
});

test('a question that is answered at times says how often', async () => {
  let asked = 0;
  const moody = createServer((_, response) => {
    const isLate = asked++ === 1;
    response.writeHead(isLate ? 503 : 200).end(JSON.stringify({ pod: 'pod-1' }));
  }).listen(0, '127.0.0.1');
  await once(moody, 'listening');
  expect(await ask(whoami({ port: (moody.address() as AddressInfo).port }))).toMatchObject([
    { asked: 3, lost: 1, detail: 'HTTP 503' },
  ]);
  moody.close();
});

describe('a sweep', () => {
  test('in which nobody answers takes no longer than its three questions, however many they are', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = `127.0.0.1:${silent.address().port}`;
    const begin = performance.now();
    const cells = await ask(
      ...Array.from({ length: 40 }, (): How => ({ kind: 'resolve', address, names: ['a.test'] })),
    );
    silent.close();
    expect(cells).toHaveLength(40);
    expect(new Set(cells.map(({ lost, detail }) => `${lost} ${detail}`))).toEqual(new Set(['3 timeout']));
    expect(performance.now() - begin).toBeLessThan(9000);
  }, 15_000);

  test('is one event, and a node that is dead says that nobody could ask', async () => {
    const history = memoryHistory();
    const dead: Commander = {
      ...side,
      start: () => Promise.reject(new Error('agent-1 (side-car): is not running\nat all')),
    };
    const askers = [asker([whoami()]), { ...asker([whoami()]), node: 'agent-1' }];
    await using all = await seated(askers, (node) => (node === 'agent-1' ? dead : side));
    const cells = await all.sweep({ when: 'during', history });
    expect(history.events).toMatchObject([{ type: 'sweep', when: 'during', cells }]);
    expect(cells).toMatchObject([
      GOOD,
      { asked: 0, lost: 0, sourceKept: null, detail: 'nobody could ask: agent-1 (side-car): is not running' },
    ]);
  });

  test('starts no program: those that ask were started before, and ask again and again', async () => {
    const { started, sideOf } = counting();
    const all = await seated([asker([whoami()])], sideOf);
    expect([await all.ask(), await all.ask()]).toMatchObject([[GOOD], [GOOD]]);
    await all.seat([asker([whoami()])]);
    expect(started).toHaveLength(1);
    await all[Symbol.asyncDispose]();
    await started[0]?.exited;
  });

  test('of a node that was started again starts its program again', async () => {
    const { started, sideOf } = counting();
    await using all = await seated([asker([whoami()])], sideOf);
    started[0]?.stdin.end();
    await started[0]?.exited;
    expect([await all.ask(), started.length]).toMatchObject([[GOOD], 2]);
  });

  test('that is given up does not answer the next one', async () => {
    await using all = await seated([asker([{ kind: 'resolve', address: '127.0.0.1:9', names: ['a.test'] }, whoami()])]);
    await expect(all.ask(() => true, AbortSignal.timeout(100))).rejects.toThrow('timeout');
    expect(await all.ask(({ how }) => how.kind === 'whoami')).toMatchObject([GOOD]);
  });

  test('ends in time where a node takes a program and never says a word', async () => {
    const mute: Commander = { ...side, start: () => new Promise(() => {}) };
    await using all = await seated([asker([whoami()])], () => mute);
    expect(await all.ask()).toMatchObject([{ asked: 0, detail: expect.stringContaining('nobody could ask') }]);
  }, 30_000);

  test('from a pod is asked in its network namespace', async () => {
    const argvs: (readonly string[])[] = [];
    const start: Commander['start'] = (argv, options) => {
      argvs.push(argv);
      return side.start(argv.slice(3), options);
    };
    const pod = { ...asker([whoami()]), vantage: { name: 'pod-0', netns: '/proc/1/root/run/netns/pod-0' } };
    await using all = await seated([pod], () => ({ ...side, start }));
    expect(await all.ask()).toMatchObject([GOOD]);
    expect(argvs).toEqual([['nsenter', '--net=/proc/1/root/run/netns/pod-0', '--', 'node', `${FOLDER}/sweep.ts`]]);
  });

  test('ends with its signal, and is then no event', async () => {
    const history = memoryHistory();
    const ended = new AbortController();
    const all = new Askers(() => side, ended.signal);
    await all.seat([asker([whoami()])]);
    ended.abort(new Error('Ctrl-C'));
    await expect(all.sweep({ when: 'before', history })).rejects.toThrow('Ctrl-C');
    expect(history.events).toEqual([]);
  });

  test('copies its program once to each node', async () => {
    const copied: string[] = [];
    const receiving = (node: string): Commander => ({
      ...side,
      copyIn: async (files) =>
        void copied.push(...files.flatMap(({ path }) => (path.endsWith('sweep.ts') ? [node] : []))),
    });
    const two = { ...asker([]), vantage: { name: 'pod-0', netns: '/run/netns/pod-0' } };
    await using all = await seated([asker([]), two, { ...asker([]), node: 'agent-1' }], receiving);
    expect([copied, await all.ask()]).toEqual([['agent-0', 'agent-1'], []]);
  });
});
