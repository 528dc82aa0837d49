/** Faults of the host itself, on a real engine and a real kernel: nodes stopped and restarted, ports taken, a slow disk. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, waitFor } from '@faultline/control';
import { openSession } from '@faultline/fault';
import { memoryHistory, MILLISECOND, systemClock, type EventOf, type RunEvent } from '@faultline/history';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { harnessOf, killed, openRig, planOf, type Rig } from './fault.rig.ts';

const { signal } = new AbortController();

let rig: Rig;
let ledgerFolder: string;

beforeAll(async () => {
  rig = await openRig(`host-${systemClock.now().toString(36)}`);
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(async () => {
  ledgerFolder = await mkdtemp(join(tmpdir(), 'faultline-ledger-'));
});
/** A side-car dies with its node. A cluster revives it; this rig has none. */
afterEach(async () => {
  await rm(ledgerFolder, { recursive: true });
  const [{ container, side }] = rig.nodes;
  for (const id of [container, side.container])
    if (!(await stateOf(id)).Running) await rig.engine.getContainer(id).start();
});

async function open() {
  const history = memoryHistory();
  const session = await openSession({ run: rig.run, engine: rig.engine, history, ledgerFolder, cluster: rig });
  const events = <T extends RunEvent['type']>(type: T) =>
    history.events.filter((event): event is EventOf<T> => event.type === type);
  return { session, events };
}

const stateOf = async (id: string) => (await rig.engine.getContainer(id).inspect()).State;

const untilRunning = (id: string, since: string, withinMs: number): Promise<void> =>
  waitFor(
    'the node runs again',
    async () => {
      const { Running, StartedAt, Status } = await stateOf(id);
      return Running && StartedAt !== since ? done(undefined) : notYet(Status);
    },
    { withinMs, everyMs: 50 },
  );

const say = (text: string) => void process.stdout.write(`${text}\n`);
const since = (begin: number): string => `${((systemClock.now() - begin) / MILLISECOND).toFixed(0)} ms`;

describe('node-stop', () => {
  test('takes the node down in order, and healing starts it again', async () => {
    const { session, events } = await open();
    await using _session = session;
    const [node] = rig.nodes;
    const fault = await session.inject(planOf('node-stop'), [node], { signal });
    await waitFor(
      'it is down',
      async () => ((await stateOf(node.container)).Running ? notYet('up') : done(undefined)),
      {
        withinMs: 10_000,
      },
    );
    expect(await fault.prove({ signal })).toMatchObject({
      state: true,
      effect: true,
      detail: expect.stringMatching(/exit code 143, nobody answers ARP/),
    });
    await fault.heal();
    expect((await stateOf(node.container)).Running).toBe(true);
    expect(events('fault.prove').at(-1)).toMatchObject({ when: 'healed', state: true });
  });

  test.each(['node-stop', 'node-restart'])('%s: a node whose harness dies comes back all the same', async (kind) => {
    const [{ container }] = rig.nodes;
    const { StartedAt } = await stateOf(container);
    const child = await harnessOf(rig, ledgerFolder, [planOf(kind)]);
    const at = await killed(child);
    await untilRunning(container, StartedAt, 15_000);
    say(`${kind}: runs again ${since(at)} after SIGKILL of the harness`);
  });
});

test('node-restart brings the node back by itself, and says so', async () => {
  const { session } = await open();
  await using _session = session;
  const [node] = rig.nodes;
  const { StartedAt } = await stateOf(node.container);
  const fault = await session.inject(planOf('node-restart'), [node], { signal });
  await untilRunning(node.container, StartedAt, 10_000);
  expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });
  await fault.heal();
});

const PORT = { protocol: 'tcp', port: 10_250 } as const;
const banner = async (address: string): Promise<string> =>
  (
    await rig.client.exec(['socat', '-T', '1', '-', `TCP:${address}:${PORT.port},connect-timeout=1`], { accept: 'any' })
  ).stdout.trim();

describe('squat-port', () => {
  test('holds a port, answers there, and lets it go', async () => {
    const { session, events } = await open();
    await using _session = session;
    const [node] = rig.nodes;
    const fault = await session.inject(planOf('squat-port', PORT), [node], { signal });
    const proof = await fault.prove({ signal });
    say(`squat-port: ${proof.detail}`);
    expect(proof).toMatchObject({
      state: true,
      effect: true,
      detail: expect.stringContaining('clients are answered by the squatter'),
    });
    await fault.heal();
    expect(await banner(node.address)).toBe('');
    expect(events('dataplane').map(({ residue }) => residue)).toEqual([[], []]);
  });

  test('leaves within a second of a SIGKILL of its harness', async () => {
    const [{ address }] = rig.nodes;
    const child = await harnessOf(rig, ledgerFolder, [planOf('squat-port', PORT)]);
    expect(await banner(address)).toMatch(/^faultline-squats-for-fault-0$/);
    const at = await killed(child);
    await waitFor('nobody answers', async () => ((await banner(address)) ? notYet('it does') : done(undefined)), {
      withinMs: 3_000,
      everyMs: 20,
    });
    say(`squat-port: the port is free ${since(at)} after SIGKILL`);
  });

  test('is refused where the kernel listens for a VXLAN, or a process does, with who it is', async () => {
    const { session, events } = await open();
    await using _session = session;
    const [node] = rig.nodes;
    const link = 'link add vx0 type vxlan id 1 dstport 8472 local';
    await node.side.exec(['ip', ...link.split(' '), node.address]);
    await node.side.exec(['ip', 'link', 'set', 'vx0', 'up']);
    const taken = planOf('squat-port', { protocol: 'udp', port: 8472 });
    await expect(session.inject(taken, [node], { signal })).rejects.toThrow(
      '8472/udp of agent-0 is in use: by the kernel itself. What is there first keeps it.',
    );
    await node.side.exec(['ip', 'link', 'delete', 'vx0']);
    expect(events('fault.inject')).toEqual([]);
  });

  test('before the start is there first: the kernel opens no VXLAN until it leaves', async () => {
    const { session } = await open();
    await using _session = session;
    const [node] = rig.nodes;
    const { StartedAt } = await stateOf(node.container);
    const first = planOf('squat-port', { protocol: 'udp', port: 8472, when: 'before-start' });
    const begin = systemClock.now();
    const fault = await session.inject(first, [node], { signal });
    say(`squat-port before-start: in force after ${since(begin)}`);
    expect((await stateOf(node.container)).StartedAt).not.toBe(StartedAt);
    expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });
    const link = 'link add vx0 type vxlan id 1 dstport 8472 local';
    await node.side.exec(['ip', ...link.split(' '), node.address]);
    const up = () => node.side.exec(['ip', 'link', 'set', 'vx0', 'up'], { accept: 'any' });
    const refused = await up();
    say(`... and the kernel says: ${refused.stderr.trim()}`);
    expect(refused.stderr).toMatch(/Address already in use/);
    await fault.heal();
    expect((await up()).exitCode).toBe(0);
  });
});

describe('disks', () => {
  test('a slow one is as slow as it was made, and fast again', async () => {
    const { session, events } = await open();
    await using _session = session;
    // The rig's nodes are no machines that may change their own control group: the side-car is.
    const [{ side, ...rest }] = rig.nodes;
    const node = { ...rest, side, exec: side.exec, container: side.container };
    const fault = await session.inject(planOf('disk-slow', { kbps: 100 }), [node], { signal });
    const proof = await fault.prove({ signal });
    say(`disk-slow: ${proof.detail}`);
    expect(proof).toMatchObject({ state: true, effect: true });
    await fault.heal();
    expect(events('fault.prove').at(-1)).toMatchObject({ when: 'healed', state: true });
  });

  test('none is filled: it would be the host’s', async () => {
    const { session, events } = await open();
    await using _session = session;
    await expect(session.inject(planOf('disk-full'), [rig.nodes[0]], { signal })).rejects.toThrow(/Next: disk-slow/);
    expect(events('fault.inject')).toEqual([]);
  });
});
