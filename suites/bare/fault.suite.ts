/** Faults on a real engine and a real kernel: that they bite, that they heal, and that they do not outlive who made them. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { done, notYet, waitFor, type Running } from '@faultline/control';
import {
  ACTS,
  DirtyNodeError,
  healDead,
  ledgersOfTheDead,
  openSession,
  type Act,
  type SessionOptions,
} from '@faultline/fault';
import type { FaultPlan } from '@faultline/fault/plan';
import { memoryHistory, MILLISECOND, systemClock, type EventOf, type RunEvent } from '@faultline/history';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { harnessOf, killed as kill, openRig, planOf as plan, type Rig } from './fault.rig.ts';

const OVERLAY = 8472;
const OTHER = 8473;
const { signal } = new AbortController();

let rig: Rig;
let ledgerFolder: string;

beforeAll(async () => {
  rig = await openRig(`fault-${systemClock.now().toString(36)}`);
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(async () => {
  ledgerFolder = await mkdtemp(join(tmpdir(), 'faultline-ledger-'));
});
afterEach(() => rm(ledgerFolder, { recursive: true }));

const blockOverlay = (more: Partial<FaultPlan> = {}) =>
  plan('block-port', { protocol: 'udp', port: OVERLAY, direction: 'in' }, more);

async function open(more: Partial<SessionOptions> = {}) {
  const history = memoryHistory();
  const session = await openSession({ run: rig.run, engine: rig.engine, history, ledgerFolder, cluster: rig, ...more });
  const events = <T extends RunEvent['type']>(type: T) =>
    history.events.filter((event): event is EventOf<T> => event.type === type);
  return { session, history, events };
}

const ECHO = `for (const port of [${OVERLAY}, ${OTHER}]) {
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (message, from) => socket.send(message, from.port, from.address)).bind(port);
}
process.stdin.resume().on('end', () => process.exit());
console.log('listening');`;

/** Sends a datagram every 5 ms, and prints when each echo came back, on the clock that all containers share. */
const PINGER = `const [port, address] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', () => console.log(String(process.hrtime.bigint())));
const timer = setInterval(() => socket.send('x', Number(port), address, () => {}), 5);
process.stdin.resume().on('end', () => { clearInterval(timer); socket.close(); });`;

/** Echoes on both ports of the first node, for as long as it is not disposed. */
async function listen(): Promise<Running> {
  const server = await rig.nodes[0].start(['node', '-e', ECHO]);
  await once(server.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
  return server;
}

/** When echoes of this port came back, so far. */
async function ping(port: number): Promise<{ echoes: number[] } & AsyncDisposable> {
  const pinger = await rig.client.start(['node', '-e', PINGER, String(port), rig.nodes[0].address]);
  const echoes: number[] = [];
  createInterface({ input: pinger.stdout }).on('line', (line) => echoes.push(Number(line)));
  return { echoes, [Symbol.asyncDispose]: () => pinger[Symbol.asyncDispose]() };
}

const next = (echoes: readonly number[], since = systemClock.now(), withinMs = 5_000): Promise<number> =>
  waitFor(
    'an echo',
    async () => {
      const echo = echoes.find((time) => time > since);
      return echo === undefined ? notYet(`none of ${echoes.length} echoes is newer`) : done(echo);
    },
    { withinMs, everyMs: 5 },
  );

async function stateOf(container: string): Promise<string> {
  return (await rig.engine.getContainer(container).inspect()).State.Status;
}

const untilRunning = (container: string, withinMs: number): Promise<void> =>
  waitFor(
    'the node runs',
    async () => {
      const state = await stateOf(container);
      return state === 'running' ? done(undefined) : notYet(state);
    },
    { withinMs, everyMs: 10 },
  );

const untilUnblocked = (withinMs: number): Promise<void> =>
  waitFor(
    'no table of ours is left',
    async () => {
      const { stdout } = await rig.nodes[0].side.exec(['nft', 'list', 'tables'], { signal });
      return stdout.includes('faultline_') ? notYet(stdout) : done(undefined);
    },
    { withinMs },
  );

const harness = (faults: readonly FaultPlan[]): Promise<ChildProcess> => harnessOf(rig, ledgerFolder, faults);

describe('block-port', () => {
  test('stops the datagrams of its port, counts them, leaves another port alone, and heals at once', async () => {
    await using server = await listen();
    await using overlay = await ping(OVERLAY);
    await using other = await ping(OTHER);
    await Promise.all([next(overlay.echoes), next(other.echoes)]);
    const { session, events } = await open();
    await using _session = session;

    const fault = await session.inject(blockOverlay(), [rig.nodes[0]], { signal });
    const [begin, end] = events('fault.inject');
    await next(other.echoes);
    expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });
    // One echo may have been under way; none was sent after the end of the injection.
    expect(overlay.echoes.filter((time) => time > (end?.at ?? 0) + 20 * MILLISECOND)).toEqual([]);
    expect(((end?.at ?? 0) - (begin?.at ?? 0)) / MILLISECOND).toBeLessThan(100);

    const healing = systemClock.now();
    await fault.heal();
    expect(((await next(overlay.echoes, healing)) - healing) / MILLISECOND).toBeLessThan(500);
    expect(events('fault.heal').map(({ edge }) => edge)).toEqual(['begin', 'end']);
    expect(events('fault.prove').at(-1)).toMatchObject({ when: 'healed', state: true });
    expect(events('dataplane').map(({ residue }) => residue)).toEqual([[], []]);
    expect(server).toBeDefined();
  });

  test('is proved to act only as long as something runs into it', async () => {
    const { session } = await open();
    await using _session = session;
    await using fault = await session.inject(blockOverlay(), [rig.nodes[0]], { signal });
    expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: false });
    await using overlay = await ping(OVERLAY);
    await waitFor(
      'dropped packets',
      async () => {
        const { effect, detail } = await fault.prove({ signal });
        return effect ? done(undefined) : notYet(detail);
      },
      { withinMs: 5_000 },
    );
    expect(overlay.echoes).toEqual([]);
  });

  test('drops what leaves, in a chain of its own', async () => {
    const { session } = await open();
    await using _session = session;
    const out = plan('block-port', { protocol: 'udp', port: OVERLAY, direction: 'out' });
    await using fault = await session.inject(out, [rig.nodes[0]], { signal });
    const send = `require('node:dgram').createSocket('udp4').send('x', ${OVERLAY}, '${rig.nodes[1].address}', () => process.exit())`;
    await rig.nodes[0].exec(['node', '-e', send], { signal, accept: 'any' });
    expect(await fault.prove({ signal })).toMatchObject({
      state: true,
      effect: true,
      detail: expect.stringContaining('1 outbound'),
    });
  });

  test('is gone within a second of a SIGKILL of its harness', async () => {
    await using _server = await listen();
    await using overlay = await ping(OVERLAY);
    const child = await harness([blockOverlay()]);
    const blocked = systemClock.now() + 20 * MILLISECOND;
    const killed = await kill(child);
    const back = await next(overlay.echoes, killed);
    process.stdout.write(
      `block-port: traffic is back ${((back - killed) / MILLISECOND).toFixed(1)} ms after SIGKILL\n`,
    );
    expect((back - killed) / MILLISECOND).toBeLessThan(1_000);
    expect(overlay.echoes.filter((time) => time > blocked && time < killed)).toEqual([]);
  });
});

describe('node-pause', () => {
  test('freezes every process of the node, and heals', async () => {
    const { session, events } = await open();
    await using _session = session;
    const fault = await session.inject(plan('node-pause'), [rig.nodes[0]], { signal });
    expect(await fault.prove({ signal })).toMatchObject({
      state: true,
      effect: true,
      detail: expect.stringMatching(/FROZEN|is frozen/),
    });
    await Promise.all([fault.heal(), fault.heal()]);
    expect(await stateOf(rig.nodes[0].container)).toBe('running');
    expect(events('fault.heal')).toHaveLength(2);
    expect(events('dataplane').flatMap(({ residue }) => residue)).toEqual([]);
  });

  test('is undone by the supervisor within three seconds of a SIGKILL of its harness', async () => {
    const child = await harness([plan('node-pause')]);
    expect(await stateOf(rig.nodes[0].container)).toBe('paused');
    const killed = await kill(child);
    await untilRunning(rig.nodes[0].container, 3_000);
    process.stdout.write(
      `node-pause: unpaused ${((systemClock.now() - killed) / MILLISECOND).toFixed(0)} ms after SIGKILL\n`,
    );
  });

  test('is undone, and a block beside it, when the harness hangs', async () => {
    const child = await harness([blockOverlay(), plan('node-pause', {}, { id: 'fault-1' })]);
    expect(await stateOf(rig.nodes[0].container)).toBe('paused');
    child.kill('SIGSTOP');
    try {
      await untilRunning(rig.nodes[0].container, 6_000);
      await untilUnblocked(2_000);
    } finally {
      await kill(child);
    }
  });

  test('is undone by the doctor when the supervisor died as well, once', async () => {
    const child = await harness([plan('node-pause')]);
    const supervisor = await supervisorOf(child);
    process.kill(supervisor, 'SIGKILL');
    await kill(child);
    expect(await stateOf(rig.nodes[0].container)).toBe('paused');
    const found = [`${rig.run}: fault-0 (node-pause) on agent-0 may be in force`];
    expect(await ledgersOfTheDead({ ledgerFolder })).toMatchObject([{ did: found }]);
    const did = [`${rig.run}: fault-0 (node-pause) on agent-0: unpaused`];
    expect(await healDead({ engine: rig.engine, ledgerFolder, signal })).toMatchObject([
      { run: rig.run, ok: true, did },
    ]);
    expect(await stateOf(rig.nodes[0].container)).toBe('running');
    expect(await healDead({ engine: rig.engine, ledgerFolder, signal })).toEqual([]);
    expect(await readdir(join(ledgerFolder, 'healed'))).toContain(`${rig.run}.ndjson`);
  });
});

/** The one child of the harness. */
async function supervisorOf(child: ChildProcess): Promise<number> {
  return Number((await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim());
}

describe('a session', () => {
  test('heals what is in force when it ends, and leaves no ledger', async () => {
    const { session } = await open();
    await session.inject(plan('node-pause'), [rig.nodes[0]], { signal });
    expect(await readdir(ledgerFolder)).toContain(`${rig.run}.ndjson`);
    await session[Symbol.asyncDispose]();
    expect(await stateOf(rig.nodes[0].container)).toBe('running');
    expect(await readdir(ledgerFolder)).toEqual([]);
  });

  test('that is refused one of several faults heals the others, the last one in first', async () => {
    const { session, events } = await open();
    await session.inject(blockOverlay({ id: 'fault-0' }), [rig.nodes[1]], { signal });
    await session.inject(blockOverlay({ id: 'fault-1' }), [rig.nodes[0]], { signal });
    await session.inject(plan('node-pause', {}, { id: 'fault-2' }), [rig.nodes[0]], { signal });
    const fourth = session.inject(plan('node-pause', {}, { id: 'fault-3' }), [rig.nodes[0]], { signal });
    await expect(fourth).rejects.toThrow(DirtyNodeError);
    await session[Symbol.asyncDispose]();
    const healed = events('fault.heal').filter(({ edge }) => edge === 'end');
    expect(healed.map(({ fault, error }) => [fault, error])).toEqual([
      ['fault-2', undefined],
      ['fault-1', undefined],
      ['fault-0', undefined],
    ]);
    expect(events('fault.prove').map(({ when, state }) => [when, state])).toEqual(
      Array.from({ length: 3 }, () => ['healed', true]),
    );
    expect(events('dataplane').map(({ residue }) => residue)).toEqual(events('dataplane').map(() => []));
    expect(await readdir(ledgerFolder)).toEqual([]);
  });

  test('does not break a node that is broken already', async () => {
    const { session } = await open();
    await using _session = session;
    const container = rig.engine.getContainer(rig.nodes[0].container);
    await container.pause();
    try {
      await expect(session.inject(blockOverlay(), [rig.nodes[0]], { signal })).rejects.toThrow(DirtyNodeError);
    } finally {
      await container.unpause();
    }
    await using owner = await rig.nodes[0].side.start(['nft', '-i']);
    owner.stdin.write('add table inet faultline_of_another { flags owner; }\nlist tables\n');
    await once(owner.stdout, 'data', { signal: AbortSignal.timeout(5_000) });
    await expect(session.inject(blockOverlay(), [rig.nodes[0]], { signal })).rejects.toThrow(
      /holds the nft table faultline_of_another/,
    );
  });
});

describe('an injection that cannot be done', () => {
  test('breaks nothing when it is aborted before', async () => {
    const { session, events } = await open();
    await using _session = session;
    const aborted = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(session.inject(plan('node-pause'), rig.nodes, { signal: aborted })).rejects.toThrow(/Ctrl-C/);
    expect(events('fault.inject')).toEqual([]);
  });

  test('undoes one node when the other cannot be broken', async () => {
    const real = ACTS['node-pause'] as Act;
    const prepare: Act['prepare'] = async (scene, memory) => {
      const prepared = await real.prepare(scene, memory);
      return scene.node === rig.nodes[0]
        ? prepared
        : { ...prepared, strike: () => Promise.reject(new Error('no ice')) };
    };
    const { session, events } = await open({ acts: { 'node-pause': { ...real, prepare } } });
    await using _session = session;
    await expect(session.inject(plan('node-pause'), rig.nodes, { signal })).rejects.toThrow(/no ice/);
    expect(events('fault.inject').at(-1)).toMatchObject({ edge: 'end', error: expect.stringContaining('no ice') });
    expect(await stateOf(rig.nodes[0].container)).toBe('running');
    expect(await readFile(join(ledgerFolder, `${rig.run}.ndjson`), 'utf8')).toMatch(
      /"undo".*agent-0[^]*"undo".*agent-1/,
    );
  });

  test('breaks nothing when nobody watches over it', async () => {
    const { session } = await open();
    await using _session = session;
    const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
    for (const pid of children.trim().split(' ')) {
      if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(ledgerFolder)) process.kill(Number(pid), 'SIGKILL');
    }
    const refusal = await waitFor(
      'the session notices',
      async () => {
        const error = await session
          .inject(blockOverlay(), [rig.nodes[0]], { signal })
          .then((fault) => fault.heal(), String);
        return error ? done(error) : notYet('it injects');
      },
      { withinMs: 5_000 },
    );
    expect(refusal).toContain('nothing is broken without a supervisor: the supervisor ended (SIGKILL)');
  });

  test('refuses a run that a living process is breaking', async () => {
    const { session } = await open();
    await using _session = session;
    await expect(open()).rejects.toThrow(/is breaking the cluster/);
  });
});

describe('an injector that errs is caught', () => {
  const real = ACTS['block-port'] as Act;
  const mutant = (prepare: Act['prepare']) => open({ acts: { 'block-port': { ...real, prepare } } });

  test('when it does nothing', async () => {
    const { session } = await mutant(async (scene, memory) => ({
      ...(await real.prepare(scene, memory)),
      strike: async () => {},
    }));
    await using _session = session;
    await using fault = await session.inject(blockOverlay(), [rig.nodes[0]], { signal });
    await using _overlay = await ping(OVERLAY);
    expect(await fault.prove({ signal })).toMatchObject({ state: false, effect: false });
  });

  test('when it does it to the wrong node', async () => {
    const { session } = await mutant(async (scene, memory) => {
      const right = await real.prepare(scene, memory);
      const wrong = await real.prepare({ ...scene, node: rig.nodes[1] }, memory);
      const heal = async () => void (await Promise.all([right.heal(), wrong.heal()]));
      return { ...right, strike: wrong.strike, heal, [Symbol.asyncDispose]: heal };
    });
    await using _session = session;
    await using fault = await session.inject(blockOverlay(), [rig.nodes[0]], { signal });
    expect(await fault.prove({ signal })).toMatchObject({ state: false, effect: false });
  });

  test('when it leaves something behind on any node', async () => {
    const leak = async () => void (await rig.nodes[1].side.exec(['ip', 'route', 'add', 'blackhole', '203.0.113.0/24']));
    const { session, events } = await mutant(async (scene, memory) => {
      const prepared = await real.prepare(scene, memory);
      return { ...prepared, strike: async () => void (await Promise.all([prepared.strike(), leak()])) };
    });
    await using _session = session;
    try {
      await (await session.inject(blockOverlay(), [rig.nodes[0]], { signal })).heal();
      expect(events('dataplane')).toContainEqual(
        expect.objectContaining({ node: 'agent-1', residue: ['+ route: blackhole 203.0.113.0/24'] }),
      );
    } finally {
      await rig.nodes[1].side.exec(['ip', 'route', 'del', 'blackhole', '203.0.113.0/24']);
    }
  });

  test('when it does not heal', async () => {
    const { session, events } = await mutant(async (scene, memory) => ({
      ...(await real.prepare(scene, memory)),
      heal: async () => {},
    }));
    const fault = await session.inject(blockOverlay(), [rig.nodes[0]], { signal });
    await expect(fault.heal()).rejects.toThrow(/faultline_fault_0 is gone/);
    expect(events('fault.prove').filter(({ when, state }) => when === 'healed' && state)).toEqual([]);
    // Its own healing fails; its supervisor's does not.
    await expect(session[Symbol.asyncDispose]()).rejects.toThrow(/faultline_fault_0 is gone/);
    await untilUnblocked(5_000);
  });
});

describe('what is not ours', () => {
  test('is untouched by healing, whatever a ledger says of it', async () => {
    const run = `foreign-${rig.run}`;
    await using undo = new AsyncDisposableStack();
    const { Image } = await rig.engine.getContainer(rig.client.container).inspect();
    const container = await rig.engine.createContainer({ name: run, Image, Cmd: ['sleep', '600'] });
    undo.defer(() => container.remove({ force: true }));
    await rig.engine.createVolume({ Name: run });
    undo.defer(() => rig.engine.getVolume(run).remove());
    const network = await rig.engine.createNetwork({ Name: run });
    undo.defer(() => network.remove());
    await rig.nodes[0].side.exec(['nft', 'add', 'table', 'inet', 'foreign']);
    undo.defer(async () => void (await rig.nodes[0].side.exec(['nft', 'delete', 'table', 'inet', 'foreign'])));
    await container.start();
    await container.pause();

    const owner = { boot: 'another', pid: 1, started: '1' };
    const names = { node: 'agent-0', container: container.id, side: container.id };
    const intent = { type: 'intent', fault: 'fault-0', kind: 'node-pause', parameters: {}, ...names, expires: 0 };
    const lines = [{ type: 'open', version: 1, run: rig.run, owner }, intent];
    await writeFile(join(ledgerFolder, 'forged.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const child = await harness([blockOverlay(), plan('node-pause', {}, { id: 'fault-1' })]);
    await kill(child);
    await untilRunning(rig.nodes[0].container, 3_000);
    const healed = await healDead({ engine: rig.engine, ledgerFolder, signal });

    expect(healed.flatMap(({ did }) => did).join()).toContain(
      `refused: container ${container.id.slice(0, 12)} is not of run ${rig.run}`,
    );
    expect((await container.inspect()).State.Paused).toBe(true);
    expect((await rig.engine.getVolume(run).inspect()).Name).toBe(run);
    expect((await rig.engine.getNetwork(network.id).inspect()).Name).toBe(run);
    expect((await rig.nodes[0].side.exec(['nft', 'list', 'tables'])).stdout).toContain('table inet foreign');
  });
});

describe('node-kill', () => {
  // Last, for it takes the node's side-car along.
  test('kills at once, silences the address, and starts it again', async () => {
    const { session, events } = await open();
    await using _session = session;
    const fault = await session.inject(plan('node-kill'), [rig.nodes[1]], { signal });
    const proof = await fault.prove({ signal });
    expect(proof).toMatchObject({ state: true, effect: true, detail: expect.stringContaining('nobody answers ARP') });
    await fault.heal();
    expect(await stateOf(rig.nodes[1].container)).toBe('running');
    expect(events('dataplane').map(({ node }) => node)).toEqual(['agent-0']);
    expect(
      events('note')
        .map(({ text }) => text)
        .join(),
    ).toContain('agent-1: its data plane is not compared');
  });

  test('of a node that is blocked heals the block, and it is proved no more', async () => {
    const { session, events } = await open();
    await using _session = session;
    const fault = await session.inject(blockOverlay(), [rig.nodes[0]], { signal });
    await rig.engine.getContainer(rig.nodes[0].container).kill({ signal: 'SIGKILL' });
    expect(await fault.prove({ signal })).toMatchObject({
      state: false,
      detail: expect.stringContaining('cannot be proved'),
    });
    await fault.heal();
    expect(events('fault.prove').at(-1)).toMatchObject({ when: 'healed', state: true });
    expect(events('dataplane')).toEqual([]);
  });
});
