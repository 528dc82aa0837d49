/** Synthetic runs in the shape of real ones: what the report is looked at with, and what tests judge. */
import type { Layer, SampleClass, Stamped } from '@faultline/history';
import { addressHeld, announcedBy, inventory, stream } from './synthetic-address.ts';
import { syntheticRun, type SyntheticOptions, type SyntheticProbe } from './synthetic-run.ts';

const PODS = ['userlist-0@agent-0', 'userlist-1@agent-1', 'userlist-2@server-0'];
const SERVER = '02:42:c6:12:04:0a';
const AGENT = '02:42:c6:12:04:0b';

type Sees = SyntheticProbe['sees'];

const edge = (
  name: string,
  layer: Layer,
  rateHz: number,
  sees: Sees,
  later: readonly string[],
  newFrom: number,
): SyntheticProbe => ({
  name: `edge-${name}`,
  layer,
  rateHz,
  sees,
  ...(layer === 'http' && {
    answers: [
      { from: -Infinity, by: PODS },
      { from: newFrom, by: later },
    ],
  }),
});

const lost = (from: number, to: number, result: SampleClass = 'timeout'): Sees[number] => ({ from, to, result });

/** VRRP: the announcer is killed, a backup takes the address over after `outage` seconds. */
export function announcerKilled(
  seed: number,
  outage = 3.12,
  changes: Partial<SyntheticOptions> = {},
): readonly Stamped[] {
  const survivors = PODS.slice(0, 2);
  const claim = {
    type: 'arp',
    operation: 'request',
    gratuitous: true,
    senderAddress: '198.18.4.200',
    targetAddress: '198.18.4.200',
  } as const;
  return syntheticRun({
    seed,
    before: 20,
    lasting: 90,
    fault: { kind: 'node-kill', nodes: ['server-0'], takesMs: 12, lasting: null },
    probes: [
      {
        name: 'edge-arp',
        layer: 'arp',
        rateHz: 10,
        sees: [lost(0, outage - 0.003)],
        answers: [
          { from: -Infinity, by: [SERVER] },
          { from: outage - 0.003, by: [AGENT] },
        ],
      },
      edge('icmp', 'icmp', 100, [lost(0, outage)], [], 0),
      edge('tcp', 'tcp', 200, [lost(0, outage + 0.002), lost(outage + 0.002, outage + 0.05, 'refused')], [], 0),
      edge(
        'http-new',
        'http',
        100,
        [lost(0, outage + 0.002), lost(outage + 0.002, outage + 0.06, 'http-503')],
        survivors,
        0,
      ),
      edge('http-kept', 'http', 100, [lost(0, outage), lost(outage, outage + 0.08, 'reset')], survivors, 0),
    ],
    events: [
      { at: -15, event: { ...claim, time: 0, senderMac: SERVER, node: 'server-0' } },
      { at: outage - 0.004, event: { ...claim, time: 0, senderMac: AGENT, node: 'agent-0' } },
    ],
    ...changes,
  });
}

/** A node with one of three endpoints is killed: a third of the requests is lost until it is declared NotReady. */
export function endpointKilled(seed: number, until = 55, changes: Partial<SyntheticOptions> = {}): readonly Stamped[] {
  const third: Sees = [{ from: 0, to: until, result: 'timeout', share: 1 / 3 }];
  const slice = (ready: number) =>
    ({
      type: 'watch',
      kind: 'EndpointSlice',
      verb: 'MODIFIED',
      namespace: 'default',
      name: 'userlist-x',
      summary: { readyEndpoints: ready },
    }) as const;
  const node = (ready: string) =>
    ({ type: 'watch', kind: 'Node', verb: 'MODIFIED', namespace: null, name: 'agent-1', summary: { ready } }) as const;
  const other = {
    type: 'watch',
    kind: 'Node',
    verb: 'ADDED',
    namespace: null,
    name: 'server-0',
    summary: { ready: 'True' },
  } as const;
  return syntheticRun({
    seed,
    before: 20,
    lasting: 100,
    fault: { kind: 'node-kill', nodes: ['agent-1'], takesMs: 15, lasting: null },
    probes: [
      edge('icmp', 'icmp', 100, [], [], 0),
      edge('tcp', 'tcp', 200, [], [], 0),
      edge(
        'http-new',
        'http',
        100,
        third,
        PODS.filter((pod) => !pod.endsWith('agent-1')),
        0,
      ),
      { name: 'api', layer: 'control', rateHz: 10, sees: [] },
    ],
    events: [
      { at: -19, event: slice(3) },
      { at: -19, event: node('True') },
      { at: -19, event: other },
      { at: until - 0.4, event: node('Unknown') },
      { at: until - 0.05, event: slice(2) },
    ],
    ...changes,
  });
}

/** The overlay of one node is blocked: its pods reach, and are reached by, only the pods of their own node. */
export function overlayBlocked(seed: number, changes: Partial<SyntheticOptions> = {}): readonly Stamped[] {
  const nodes = ['server-0', 'agent-0', 'agent-1'];
  const pair = (from: string, to: string): SyntheticProbe => {
    const isCut = (from === 'agent-1') !== (to === 'agent-1');
    return { name: `pod:${from}:${to}`, layer: 'pod', rateHz: 20, sees: isCut ? [lost(0, 20.1)] : [] };
  };
  return syntheticRun({
    seed,
    before: 15,
    lasting: 45,
    fault: {
      kind: 'block-port',
      nodes: ['agent-1'],
      parameters: { protocol: 'udp', port: 8472, direction: 'both' },
      takesMs: 8,
      lasting: 20,
    },
    probes: [
      edge('icmp', 'icmp', 100, [], [], 0),
      edge('tcp', 'tcp', 200, [], [], 0),
      edge('http-new', 'http', 100, [{ from: 0, to: 20.05, result: 'timeout', share: 1 / 3 }], PODS.slice(0, 2), 0),
      ...nodes.flatMap((from) => nodes.map((to) => pair(from, to))),
    ],
    ...changes,
  });
}

/** MetalLB, seen on every layer: the announcer is killed, and after `outage` seconds one of its peers announces the address. */
export function failedOver(seed: number, outage = 5.54, changes: Partial<SyntheticOptions> = {}): readonly Stamped[] {
  const held = addressHeld([
    { from: -Infinity, by: ['agent-0'] },
    { from: 0, by: [] },
    { from: outage, by: ['agent-1'] },
  ]);
  const silent = lost(0, outage + 0.003);
  return syntheticRun({
    seed,
    before: 20,
    lasting: 60,
    fault: { kind: 'node-kill', nodes: ['agent-0'], takesMs: 12, lasting: null },
    probes: [
      held.probe,
      edge('icmp', 'icmp', 100, [silent], [], 0),
      edge('udp', 'udp', 100, [silent], [], 0),
      edge('tcp', 'tcp', 200, [silent], [], 0),
      edge('http-new', 'http', 100, [silent], PODS, 0),
      edge('http-kept', 'http', 100, [silent], PODS, 0),
      edge('stream', 'stream', 10, [lost(0, outage + 0.4)], [], 0),
    ],
    events: [
      ...held.events,
      inventory('metallb-l2'),
      announcedBy(-25, 'agent-0'),
      stream(-22, 'opened'),
      stream(5, 'abandoned', 'silent for 5.0 s'),
      announcedBy(outage + 0.02, 'agent-1'),
      stream(outage + 0.3, 'opened'),
    ],
    begin: { cell: { backend: 'vxlan', loadBalancer: 'metallb-l2' }, substrate: 'k3s' },
    ...changes,
  });
}
