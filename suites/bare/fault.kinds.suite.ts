/** Each kind of fault that needs no Kubernetes, on a real engine and a real kernel: that it bites, heals, and is undone for the dead. */
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { whoHas } from '@faultline/cluster';
import { done, notYet, waitFor, type Commander, type Running } from '@faultline/control';
import { ACTS, openSession, type Act, type SessionOptions } from '@faultline/fault';
import { memoryHistory, MILLISECOND, systemClock, type EventOf, type RunEvent } from '@faultline/history';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { harnessOf, killed, openRig, planOf, type Rig } from './fault.rig.ts';

const { signal } = new AbortController();
const API = 6443;
/** As pods know the API. */
const API_SERVICE = '10.43.0.1';

let rig: Rig;
let ledgerFolder: string;

beforeAll(async () => {
  rig = await openRig(`kinds-${systemClock.now().toString(36)}`);
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(async () => {
  ledgerFolder = await mkdtemp(join(tmpdir(), 'faultline-ledger-'));
});
afterEach(() => rm(ledgerFolder, { recursive: true }));

async function open(more: Partial<SessionOptions> = {}) {
  const history = memoryHistory();
  const session = await openSession({ run: rig.run, engine: rig.engine, history, ledgerFolder, cluster: rig, ...more });
  const events = <T extends RunEvent['type']>(type: T) =>
    history.events.filter((event): event is EventOf<T> => event.type === type);
  return { session, events };
}

const residueOf = (events: readonly EventOf<'dataplane'>[]) => events.map(({ residue }) => residue);

/** Waits until as many machines answer for the address. */
const untilOwners = (owners: number, withinMs: number, address = rig.virtualAddress): Promise<readonly string[]> =>
  waitFor(
    `${owners} machines answer for ${address}`,
    async () => {
      const macs = await whoHas(rig.client, address, { signal });
      return macs.length === owners ? done(macs) : notYet(macs.join(' and ') || 'nobody');
    },
    { withinMs, everyMs: 20 },
  );

describe('unplug', () => {
  test('lets nothing in and nothing out, ARP included, and heals at once', async () => {
    const { session, events } = await open();
    await using _session = session;
    const [node] = rig.nodes;
    await untilOwners(1, 2_000, node.address);
    const fault = await session.inject(planOf('unplug'), [node], { signal });
    const out = await node.exec(['ping', '-c', '1', '-W', '1', rig.client.address], { accept: 'any' });
    const into = await rig.client.exec(['ping', '-c', '1', '-W', '1', node.address], { accept: 'any' });
    expect([out.exitCode, into.exitCode]).not.toContain(0);
    const proof = await fault.prove({ signal });
    expect(proof).toMatchObject({ state: true, effect: true, detail: expect.stringContaining('nobody answers ARP') });
    const [, ingress, egress] = /(\d+) ingress, (\d+) egress/.exec(proof.detail) ?? [];
    expect(Number(ingress)).toBeGreaterThan(0);
    expect(Number(egress)).toBeGreaterThan(0);

    const healing = systemClock.now();
    await fault.heal();
    await untilOwners(1, 1_000, node.address);
    process.stdout.write(
      `unplug: ARP is back ${((systemClock.now() - healing) / MILLISECOND).toFixed(0)} ms after healing\n`,
    );
    expect(events('fault.prove').at(-1)).toMatchObject({ when: 'healed', state: true });
    expect(residueOf(events('dataplane'))).toEqual([[], []]);
  });

  test('is gone within a second of a SIGKILL of its harness', async () => {
    const [{ address }] = rig.nodes;
    const child = await harnessOf(rig, ledgerFolder, [planOf('unplug')]);
    expect(await whoHas(rig.client, address, { signal })).toEqual([]);
    const at = await killed(child);
    await untilOwners(1, 1_000, address);
    process.stdout.write(
      `unplug: ARP is back ${((systemClock.now() - at) / MILLISECOND).toFixed(0)} ms after SIGKILL\n`,
    );
  });
});

describe('duplicate-address', () => {
  const own = (verb: 'add' | 'delete') =>
    rig.nodes[1].side.exec(['ip', 'address', verb, `${rig.virtualAddress}/32`, 'dev', 'eth0']);
  beforeAll(() => own('add'));
  afterAll(() => own('delete'));

  test('makes two machines answer, and one again when it is healed', async () => {
    const { session, events } = await open();
    await using _session = session;
    expect(await untilOwners(1, 2_000)).toEqual([rig.nodes[1].mac]);
    const fault = await session.inject(planOf('duplicate-address'), [rig.nodes[0]], { signal });
    expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });
    expect(new Set(await untilOwners(2, 2_000))).toEqual(new Set(rig.nodes.map(({ mac }) => mac)));
    await fault.heal();
    expect(await untilOwners(1, 2_000)).toEqual([rig.nodes[1].mac]);
    expect(residueOf(events('dataplane'))).toEqual([[], []]);
  });

  test('is undone by the supervisor within three seconds of a SIGKILL of its harness', async () => {
    const child = await harnessOf(rig, ledgerFolder, [planOf('duplicate-address')]);
    await untilOwners(2, 2_000);
    const at = await killed(child);
    expect(await untilOwners(1, 3_000)).toEqual([rig.nodes[1].mac]);
    const after = (systemClock.now() - at) / MILLISECOND;
    process.stdout.write(`duplicate-address: one owner again ${after.toFixed(0)} ms after SIGKILL\n`);
  });

  test('is refused on the machine that holds the address, and where clients use no such address', async () => {
    const { session, events } = await open();
    await using _session = session;
    const onHolder = session.inject(planOf('duplicate-address'), [rig.nodes[1]], { signal });
    await expect(onHolder).rejects.toThrow(`agent-1 holds ${rig.virtualAddress} itself`);
    await session[Symbol.asyncDispose]();
    const { session: without } = await open({ cluster: { ...rig, virtualAddress: undefined } });
    await using _without = without;
    const onNothing = without.inject(planOf('duplicate-address'), [rig.nodes[0]], { signal });
    await expect(onNothing).rejects.toThrow(/clients use the addresses of the nodes themselves/);
    expect(events('fault.inject')).toEqual([]);
  });
});

/** Keeps keepalived running, as a node does, until its standard input ends. */
const KEEPER = `const { spawn } = require('node:child_process');
let wanted = true, child;
const start = () => {
  child = spawn('keepalived', ['--dont-fork', '--log-console', '--use-file', '/tmp/keepalived.conf'], { stdio: 'ignore' });
  child.once('exit', () => (wanted ? start() : process.exit()));
};
start();
process.stdin.resume().on('end', () => { wanted = false; child.kill(); });`;

async function keepalived(): Promise<Running> {
  const [node] = rig.nodes;
  const instance = 'state MASTER\n interface eth0\n virtual_router_id 51\n priority 255\n advert_int 1';
  const content = `vrrp_instance faultline {\n ${instance}\n virtual_ipaddress {\n ${rig.virtualAddress}/32 dev eth0\n }\n}\n`;
  await node.copyIn([{ path: '/tmp/keepalived.conf', content }]);
  const keeper = await node.start(['node', '-e', KEEPER]);
  await untilOwners(1, 10_000);
  return keeper;
}

describe('process-kill', () => {
  test('kills every process of the name, which come back under other numbers', async () => {
    await using keeper = await keepalived();
    const { session, events } = await open();
    await using _session = session;
    const fault = await session.inject(planOf('process-kill', { process: 'keepalived' }), [rig.nodes[0]], { signal });
    expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });
    await fault.heal();
    expect(events('fault.prove').at(-1)).toMatchObject({
      when: 'healed',
      state: true,
      detail: expect.stringMatching(/^agent-0: [\d, ]+ runs again, started some \d+ s after$/),
    });
    process.stdout.write(
      `process-kill: ${events('fault.prove')
        .map(({ detail }) => detail)
        .join('; then ')}\n`,
    );
    expect(keeper).toBeDefined();
  });

  test('names what runs when nothing of the name does, and never what is ours', async () => {
    const { session } = await open();
    await using _session = session;
    const inject = (process: string) =>
      session.inject(planOf('process-kill', { process }), [rig.nodes[0]], { signal }).then(() => 'injected', String);
    // tini and sleep run in the side-car as well: those of the node alone are seen.
    expect(await inject('speaker')).toMatch(/no process speaker runs on agent-0. Those that do: sleep, tini$/);
    expect(await inject('tini')).toMatch(/tini is the first process of agent-0.* Next: node-kill/);
    await using _ours = await rig.nodes[0].side.start(['cat']);
    expect(await inject('cat')).toContain('no process cat runs on agent-0');
  });
});

/** Sends a byte every 20 ms on one connection, and prints when each came back. */
const CLIENT = `const [port, address] = process.argv.slice(1);
const socket = require('node:net').connect(Number(port), address);
socket.on('data', () => console.log(String(process.hrtime.bigint()))).on('error', () => process.exit(1));
const timer = setInterval(() => socket.write('x'), 20);
process.stdin.resume().on('end', () => { clearInterval(timer); socket.destroy(); });`;

const SERVER = `const echo = (socket) => socket.on('error', () => {}).pipe(socket);
require('node:net').createServer(echo).listen(${API}, () => console.log('listening'));
process.stdin.resume().on('end', () => process.exit());`;

interface Conversation extends AsyncDisposable {
  readonly echoes: readonly number[];
}

async function converse(where: Commander, argv: readonly string[]): Promise<Conversation> {
  const client = await where.start([...argv, 'node', '-e', CLIENT, '443', API_SERVICE]);
  const echoes: number[] = [];
  createInterface({ input: client.stdout }).on('line', (line) => echoes.push(Number(line)));
  return { echoes, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

const untilEcho = ({ echoes }: Conversation, since: number): Promise<void> =>
  waitFor(
    'an echo',
    async () => (echoes.some((time) => time > since) ? done(undefined) : notYet(`none of ${echoes.length} is newer`)),
    { withinMs: 10_000, everyMs: 10 },
  );

/** What kube-proxy does with the address of the API, and a pod behind a bridge's end. */
async function likeKubernetes(undo: AsyncDisposableStack): Promise<void> {
  const [{ side }, { address }] = rig.nodes;
  const rule = ['--destination', API_SERVICE, '--protocol', 'tcp', '--dport', '443', '--jump', 'DNAT'];
  const nat = async (chain: string, ...what: string[]) => {
    undo.defer(async () => void (await side.exec(['iptables', '-t', 'nat', '-D', chain, ...what])));
    await side.exec(['iptables', '-t', 'nat', '-A', chain, ...what]);
  };
  for (const chain of ['OUTPUT', 'PREROUTING']) await nat(chain, ...rule, '--to-destination', `${address}:${API}`);
  await nat('POSTROUTING', '--source', '10.42.0.0/24', '--out-interface', 'eth0', '--jump', 'MASQUERADE');
  undo.defer(async () => void (await side.exec(['ip', 'netns', 'delete', 'pod'])));
  for (const line of [
    'netns add pod',
    'link add veth-pod type veth peer name eth0 netns pod',
    'address add 10.42.0.1/24 dev veth-pod',
    'link set veth-pod up',
    '-n pod address add 10.42.0.2/24 dev eth0',
    '-n pod link set eth0 up',
    '-n pod route add default via 10.42.0.1',
  ])
    await side.exec(['ip', ...line.split(' ')]);
  // A route for the address of the API, which the LAN of the test has none of.
  undo.defer(async () => void (await side.exec(['ip', 'route', 'delete', API_SERVICE])));
  await side.exec(['ip', 'route', 'add', API_SERVICE, 'dev', 'eth0']);
  await side.exec(['sysctl', '-w', 'net.ipv4.ip_forward=1']);
}

describe('block-port', () => {
  test('of 6443 outwards cuts node and pods from the API, whatever address they know it by', async () => {
    await using undo = new AsyncDisposableStack();
    await likeKubernetes(undo);
    const [first, second] = rig.nodes;
    await using server = await second.start(['node', '-e', SERVER]);
    await once(server.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
    await using onNode = await converse(first, []);
    await using inPod = await converse(first.side, ['nsenter', '--net=/run/netns/pod']);
    await Promise.all([untilEcho(onNode, 0), untilEcho(inPod, 0)]);

    const { session, events } = await open();
    await using _session = session;
    const out = planOf('block-port', { protocol: 'tcp', port: API, direction: 'out' });
    const fault = await session.inject(out, [first], { signal });
    // The attempts take two seconds; what was under way is printed before the first of them ends.
    const blocked = systemClock.now() + 500 * MILLISECOND;
    for (const attempt of [[], ['nsenter', '--net=/run/netns/pod']]) {
      const reach = [...attempt, 'socat', '-u', '/dev/null', `TCP:${API_SERVICE}:443,connect-timeout=1`];
      expect((await first.side.exec(reach, { accept: 'any' })).exitCode).not.toBe(0);
    }
    // Connections that were open are cut as well: their packets, too, leave for the real port.
    expect([...onNode.echoes, ...inPod.echoes].filter((time) => time > blocked)).toEqual([]);
    expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });

    const healing = systemClock.now();
    await fault.heal();
    await Promise.all([untilEcho(onNode, healing), untilEcho(inPod, healing)]);
    expect(residueOf(events('dataplane'))).toEqual([[], []]);
  });

  test('of both protocols stops either, with one counter for both', async () => {
    const { session } = await open();
    await using _session = session;
    const both = planOf('block-port', { protocol: 'tcp+udp', port: 7946, direction: 'out' });
    await using fault = await session.inject(both, [rig.nodes[0]], { signal });
    const { address } = rig.nodes[1];
    await rig.nodes[0].side.exec(['socat', '-u', '-', `UDP:${address}:7946`], { input: 'x', accept: 'any' });
    expect(await fault.prove({ signal })).toMatchObject({
      effect: true,
      detail: expect.stringContaining(': 1 outbound'),
    });
    const { exitCode } = await rig.nodes[0].side.exec(
      ['socat', '-u', '/dev/null', `TCP:${address}:7946,connect-timeout=1`],
      { accept: 'any' },
    );
    expect(exitCode).not.toBe(0);
    expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });
  });
});

describe('sessions one after the other', () => {
  test('of the same run, in one process, each break and heal the same node by the same fault', async () => {
    for (let repeat = 0; repeat < 3; repeat++) {
      const { session, events } = await open();
      await using _session = session;
      const fault = await session.inject(planOf('unplug'), [rig.nodes[0]], { signal });
      await fault.heal();
      await session[Symbol.asyncDispose]();
      expect(residueOf(events('dataplane'))).toEqual([[], []]);
      expect(await readdir(ledgerFolder)).toEqual([]);
    }
  });

  test('open also after one that could not heal: its supervisor did', async () => {
    const real = ACTS['node-pause'] as Act;
    const broken: Act = {
      ...real,
      prepare: async (scene, memory) => {
        const fail = () => Promise.reject(new Error('the key is lost'));
        return { ...(await real.prepare(scene, memory)), heal: fail, [Symbol.asyncDispose]: fail };
      },
    };
    const { session } = await open({ acts: { 'node-pause': broken } });
    await session.inject(planOf('node-pause'), [rig.nodes[0]], { signal });
    await expect(session[Symbol.asyncDispose]()).rejects.toThrow(/the key is lost/);
    expect(await readdir(ledgerFolder)).toEqual([]);
    const { session: next } = await open();
    await using _next = next;
    const fault = await next.inject(planOf('node-pause'), [rig.nodes[0]], { signal });
    expect(await fault.prove({ signal })).toMatchObject({ state: true });
  });
});
