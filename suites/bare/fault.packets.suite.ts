/**
 * Faults of packets and links on a real kernel: what each takes away and what it leaves, that healing brings all of it back,
 * and that so does the death of the harness.
 *
 * Two nodes with Flannel's VXLAN between them, made by hand: what an overlay loses must not be mixed up with what a
 * cluster does about it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, waitFor, type Commander } from '@faultline/control';
import { openSession, type FaultSession } from '@faultline/fault';
import type { FaultParameters, FaultPlan } from '@faultline/fault/plan';
import { memoryHistory, MILLISECOND, systemClock, type EventOf } from '@faultline/history';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { harnessOf, killed, openRig, planOf, type Rig } from './fault.rig.ts';

const { signal } = new AbortController();
const OVERLAY = 'flannel.1';

let rig: Rig;
let ledgerFolder: string;

beforeAll(async () => {
  rig = await openRig(`packets-${systemClock.now().toString(36)}`);
  ledgerFolder = await mkdtemp(join(tmpdir(), 'faultline-ledger-'));
  await overlay();
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await rm(ledgerFolder, { recursive: true });
});

const ip = (side: Commander, line: string) => side.exec(['ip', ...line.split(' ')]);
const networkOf = (index: number) => `10.42.${index}.0`;
const macOf = (index: number) => `02:aa:00:00:00:0${index}`;

/** As cluster's backend makes it on bare, and a route as a node of k3s has to Services; DNAT so that packets are tracked. */
async function overlay(): Promise<void> {
  for (const [index, { side, address }] of rig.nodes.entries()) {
    const peer = 1 - index;
    const to = rig.nodes[peer]?.address;
    const vtep = `id 1 local ${address} dev eth0 dstport 8472 nolearning`;
    await ip(side, `link add ${OVERLAY} address ${macOf(index)} mtu 1450 type vxlan ${vtep}`);
    await ip(side, `address add ${networkOf(index)}/32 dev ${OVERLAY}`);
    await ip(side, `link set ${OVERLAY} up`);
    await ip(side, `neighbour replace ${networkOf(peer)} lladdr ${macOf(peer)} dev ${OVERLAY} nud permanent`);
    const entry = ['fdb', 'replace', macOf(peer), 'dev', OVERLAY, 'dst', String(to), 'self', 'permanent'];
    await side.exec(['bridge', ...entry]);
    await ip(side, `route replace ${networkOf(peer)}/24 via ${networkOf(peer)} dev ${OVERLAY} onlink`);
    await ip(side, 'route replace 10.43.0.0/16 dev eth0');
    const rule = ['PREROUTING', '--destination', '10.43.0.10', '--jump', 'DNAT', '--to-destination', String(to)];
    await side.exec(['iptables', '--table', 'nat', '--append', ...rule]);
  }
}

/** What is asked, by name: each is one ping. */
function asks(): Readonly<Record<string, () => Promise<boolean>>> {
  const [{ side, address }, peer] = rig.nodes;
  const ping =
    (from: Commander, to: string, bytes = 56) =>
    async () =>
      (await from.exec(['ping', '-c', '1', '-W', '1', '-s', String(bytes), to], { accept: 'any' })).exitCode === 0;
  return {
    client: ping(rig.client, address),
    lan: ping(side, peer.address),
    overlay: ping(side, networkOf(1)),
    // 1478 bytes on the wire.
    large: ping(side, networkOf(1), 1400),
  };
}

async function lost(): Promise<readonly string[]> {
  const answers = await Promise.all(
    Object.entries(asks()).map(async ([name, ask]) => ((await ask()) ? undefined : name)),
  );
  return answers.filter((name) => name !== undefined);
}

/** What faults of this suite may leave behind, by node. */
async function traces(): Promise<string> {
  const read = [
    'ip -4 address',
    'ip -4 route',
    'ip link | grep mtu',
    'tc qdisc',
    `bridge fdb show dev ${OVERLAY}`,
    'nft list tables',
  ];
  const texts = await Promise.all(
    rig.nodes.map(async ({ side }) => (await side.exec(['sh', '-c', read.join(';')])).stdout),
  );
  return texts.join('\n').replaceAll(/refcnt \d+/g, '');
}

const everything = ['client', 'lan', 'overlay', 'large'];

interface Case {
  readonly kind: string;
  readonly parameters?: FaultParameters;
  readonly takes: readonly string[];
  /** What has to be done for it to act, beside the asking. */
  readonly provoke?: () => Promise<unknown>;
  readonly effect?: boolean;
}

const onFirst = (...argv: readonly string[]) => rig.nodes[0].side.exec(argv, { accept: 'any' });

const CASES: readonly Case[] = [
  {
    kind: 'block-port',
    parameters: { protocol: 'udp', port: '8472, 4789', peers: 'agent-1' },
    takes: ['overlay', 'large'],
  },
  { kind: 'block-port', parameters: { protocol: 'udp', port: 8472, peers: 'client' }, takes: [], effect: false },
  { kind: 'partition', takes: ['lan', 'overlay', 'large'] },
  { kind: 'partition', parameters: { direction: 'in' }, takes: ['lan', 'overlay', 'large'] },
  { kind: 'partition', parameters: { direction: 'out' }, takes: ['lan', 'overlay', 'large'] },
  { kind: 'loss', parameters: { percent: 100 }, takes: everything },
  { kind: 'loss', parameters: { percent: 100, peers: 'agent-1' }, takes: ['lan', 'overlay', 'large'] },
  { kind: 'mtu-black-hole', parameters: { bytes: 1400 }, takes: ['large'] },
  { kind: 'arp-silence', parameters: { of: 'node' }, takes: [] },
  {
    kind: 'dns-refused',
    takes: [],
    provoke: () => onFirst('socat', '-u', '/dev/null', `TCP:${rig.nodes[1].address}:53,connect-timeout=1`),
  },
  { kind: 'conntrack-full', takes: everything },
  { kind: 'block-icmp-frag', takes: [], effect: false },
  {
    kind: 'rate',
    parameters: { kbit: 200 },
    takes: [],
    provoke: () => onFirst('ping', '-c', '30', '-i', '0.01', '-s', '1400', rig.client.address),
  },
  // The request is fragmented. The answer comes in one piece, which the interface does not take.
  { kind: 'mtu', parameters: { bytes: 1400 }, takes: ['large'] },
  { kind: 'link-down', takes: everything },
  { kind: 'address-change', takes: ['client', 'overlay', 'large'] },
  { kind: 'no-default-route', takes: [] },
  { kind: 'stale-fdb', takes: ['overlay', 'large'] },
  { kind: 'conntrack-flush', takes: [] },
];

/** `block-port protocol=udp port=8472`, and of one without parameters its kind alone. */
const titleOf = ({ kind, parameters = {} }: Case): string =>
  [kind, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)].join(' ');

describe('a fault of packets takes what it says, and gives it back', () => {
  const history = memoryHistory();
  let session: FaultSession;
  beforeAll(async () => {
    session = await openSession({ run: rig.run, engine: rig.engine, history, ledgerFolder, cluster: rig });
  });
  afterAll(() => session[Symbol.asyncDispose]());

  const untilWhole = () =>
    waitFor(
      'nothing is lost',
      async () => {
        const left = await lost();
        return left.length === 0 ? done(undefined) : notYet(left.join(', '));
      },
      { withinMs: 5_000 },
    );

  test.each(CASES.map((one) => [titleOf(one), one] as const))('%s', async (_, one) => {
    const { kind, parameters = {}, takes, provoke, effect = true } = one;
    const before = await traces();
    const since = history.events.length;
    const fault = await session.inject(planOf(kind, parameters), [rig.nodes[0]], { signal });
    expect(await lost()).toEqual(takes);
    await provoke?.();
    const proof = await fault.prove({ signal });
    expect(proof).toMatchObject({ state: true, effect });
    await fault.heal();
    await untilWhole();
    const told = history.events.slice(since);
    const residues = told.filter((event): event is EventOf<'dataplane'> => event.type === 'dataplane');
    expect(residues.map(({ residue }) => residue)).toEqual([[], []]);
    expect(await traces()).toBe(before);
    process.stdout.write(`${kind}: ${proof.detail}\n`);
  });

  test('link-flap takes the link down again and again', async () => {
    const flapping = planOf('link-flap', { downMs: 200, upMs: 200 });
    const fault = await session.inject(flapping, [rig.nodes[0]], { signal });
    let times = 0;
    await waitFor(
      'the link was down three times',
      async () => {
        const { detail } = await fault.prove({ signal });
        times += Number(/lost (\d+) times/.exec(detail)?.[1]);
        return times >= 3 ? done(undefined) : notYet(detail);
      },
      { withinMs: 15_000 },
    );
    await fault.heal();
    await untilWhole();
  });

  test.each([
    ['delay', { ms: 50 }],
    ['reorder', { percent: 25 }],
    ['duplicate', { percent: 10 }],
    ['corrupt', { percent: 1 }],
  ])('%s acts where the kernel has netem, and is refused by that name where it has not', async (kind, parameters) => {
    const trial = await onFirst('unshare', '--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms');
    const outcome = await session.inject(planOf(kind, parameters), [rig.nodes[0]], { signal }).then(
      async (fault) => {
        await lost();
        const { state, effect } = await fault.prove({ signal });
        await fault.heal();
        return `in force: ${state}, acted: ${effect}`;
      },
      (reason: unknown) => String(reason),
    );
    const refused = /this kernel lacks netem: `tc qdisc add dev lo root netem/;
    expect(outcome).toMatch(trial.exitCode === 0 ? /^in force: true, acted: true$/ : refused);
  });
});

/** Kills a harness with these in force. @returns how long everything took to be as before, in milliseconds. */
async function restoredAfter(faults: readonly FaultPlan[], withinMs: number): Promise<number> {
  const before = await traces();
  const child = await harnessOf(rig, ledgerFolder, faults);
  expect(await traces()).not.toBe(before);
  const at = await killed(child);
  await waitFor(
    'everything is as before',
    async () => ((await traces()) === before ? done(undefined) : notYet('something is left')),
    { withinMs, everyMs: 20 },
  );
  return (systemClock.now() - at) / MILLISECOND;
}

describe('after a SIGKILL of the harness', () => {
  const several = (...kinds: readonly (readonly [kind: string, parameters?: FaultParameters])[]) =>
    kinds.map(([kind, parameters], index) => planOf(kind, parameters ?? {}, { id: `fault-${index}` }));

  test('the kernel removes every table', async () => {
    const faults = several(
      ['partition'],
      ['loss', { percent: 10 }],
      ['mtu-black-hole', { bytes: 1400 }],
      ['arp-silence'],
      ['dns-refused'],
      ['conntrack-full'],
      ['block-icmp-frag'],
    );
    const after = await restoredAfter(faults, 3_000);
    process.stdout.write(`seven tables were gone ${after.toFixed(0)} ms after SIGKILL\n`);
  });

  test.each([
    [
      'what was changed',
      several(['rate', { kbit: 1000 }], ['mtu', { bytes: 1400 }], ['stale-fdb'], ['no-default-route']),
    ],
    ['the link', several(['link-down'])],
    ['a link that flapped', several(['link-flap', { downMs: 10_000 }])],
    ['the address', several(['address-change'])],
  ])('the supervisor restores %s', async (what, faults) => {
    const after = await restoredAfter(faults, 20_000);
    process.stdout.write(`${what}: restored ${after.toFixed(0)} ms after SIGKILL\n`);
    expect(await lost()).toEqual([]);
  });
});
