/** An engine whose containers answer `kubectl` from a few objects in memory, as far as faults ask. For tests. */
import { Duplex, type PassThrough } from 'node:stream';
import { LABEL, type Engine } from '@faultline/control';

export interface FakeCluster {
  readonly engine: Engine;
  /** Every command, without `kubectl`, and the server that was asked. */
  readonly asked: string[];
  /** What containers there are: not named, it was removed. */
  readonly states: Record<string, 'running' | 'paused' | 'exited'>;
  replicas: number | undefined;
  daemonSet: boolean;
  cordoned: boolean;
  pods: readonly object[];
  endpoints: readonly object[];
  services: { name: string; label: string; ip?: string; nodePort?: number }[];
  /** Made by a fault: the first that wants a port of the host is given a node. */
  made: { name: string; label: string; hostPort: number }[];
}

export const SERVERS: readonly [string, string] = ['1'.repeat(64), '2'.repeat(64)];

export function fakeCluster(run = 'run-1'): FakeCluster {
  const cluster: FakeCluster = {
    engine: engineOf(
      (id) => cluster.states[id],
      run,
      (id, argv, input) => {
        cluster.asked.push(`${id[0]} ${argv.slice(1).join(' ')}`);
        return answer(cluster, argv.slice(1), input);
      },
    ),
    asked: [],
    states: { [SERVERS[0]]: 'running', [SERVERS[1]]: 'running' },
    replicas: 2,
    daemonSet: false,
    cordoned: false,
    pods: [],
    endpoints: [],
    services: [],
    made: [],
  };
  return cluster;
}

interface Answer {
  readonly stdout: string;
  readonly exitCode: number;
}

const said = (what: unknown): Answer => ({
  stdout: typeof what === 'string' ? what : JSON.stringify(what),
  exitCode: 0,
});

function answer(cluster: FakeCluster, [verb, kind, ...rest]: readonly string[], input: string): Answer {
  const label = rest.find((each) => each.startsWith('--selector=faultline.fault='))?.split('=')[2];
  const found = cluster.services.filter((one) => (label ? one.label === label : rest.includes(one.name)));
  switch (`${verb} ${kind}`) {
    case 'get deployment':
      return said(cluster.replicas === undefined ? '' : { spec: { replicas: cluster.replicas } });
    case 'get daemonset':
      return said(cluster.daemonSet ? 'daemonset.apps/traefik' : '');
    case 'scale deployment':
      cluster.replicas = Number(rest.at(-1)?.split('=')[1]);
      return said('scaled');
    case 'get endpointslices':
      return said({ items: [{ endpoints: cluster.endpoints }, { endpoints: null }, {}] });
    case 'get node':
      return said({ spec: cluster.cordoned ? { unschedulable: true } : {} });
    case 'get pods':
      if (rest.some((each) => each.endsWith('.image}'))) return said('faultline/userlist:1');
      return said({ items: label ? podsOf(cluster, label) : cluster.pods });
    case 'get pod':
      return said(cluster.made.map(({ name }) => `pod/${name}`).join('\n'));
    case 'delete pods':
      cluster.made = cluster.made.filter((one) => one.label !== label);
      return said('deleted');
    case 'get service':
      return said(found.map(({ name }) => `service/${name}`).join('\n'));
    case 'get services':
      if (rest.some((each) => each.endsWith('.name}'))) return said(found.map(({ name }) => name).join(' '));
      return said({ items: found.map(({ ip }) => ({ status: { loadBalancer: ip ? { ingress: [{ ip }] } : {} } })) });
    case 'delete service':
    case 'delete services':
      cluster.services = cluster.services.filter((one) => !found.includes(one));
      return said(found.map(({ name }) => `service "${name}" deleted`).join('\n'));
    default:
      return deed(cluster, verb, input);
  }
}

function deed(cluster: FakeCluster, verb: string | undefined, input: string): Answer {
  switch (verb) {
    case 'drain':
    case 'uncordon':
      cluster.cordoned = verb === 'drain';
      return said(`node/agent-0 ${verb}ed\n`);
    case 'create':
      return create(cluster, JSON.parse(input) as Made);
    default:
      return { stdout: `unknown command ${verb}`, exitCode: 1 };
  }
}

interface Made {
  readonly kind: string;
  readonly items?: readonly Made[];
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly ports?: readonly { readonly nodePort?: number }[];
    readonly containers?: readonly { readonly ports: readonly { readonly hostPort: number }[] }[];
  };
}

function create(cluster: FakeCluster, { kind, items, metadata, spec }: Made): Answer {
  if (items) return items.map((item) => create(cluster, item)).at(-1) ?? said('created');
  const { name } = metadata;
  const label = metadata.labels['faultline.fault'] ?? '';
  const nodePort = spec.ports?.[0]?.nodePort;
  if (nodePort !== undefined && cluster.services.some((one) => one.nodePort === nodePort))
    return { stdout: 'spec.ports[0].nodePort: Invalid value: provided port is already allocated', exitCode: 1 };
  if (kind === 'Pod') cluster.made.push({ name, label, hostPort: spec.containers?.[0]?.ports[0]?.hostPort ?? 0 });
  else cluster.services.push({ name, label, ...(nodePort !== undefined && { nodePort }) });
  return said('created');
}

const podsOf = ({ made }: FakeCluster, label: string): readonly object[] =>
  made
    .filter((one) => one.label === label)
    .map(({ name, hostPort }) => {
      const isFirst = made.find((one) => one.hostPort === hostPort)?.name === name;
      const message = "0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.";
      return {
        metadata: { name },
        spec: isFirst ? { nodeName: 'agent-0' } : {},
        status: { conditions: [{ type: 'PodScheduled', ...(!isFirst && { message }) }] },
      };
    });

type Run = (id: string, argv: readonly string[], input: string) => Answer;

/** The few of the engine's calls by which a command runs in a container. */
function engineOf(stateOf: (id: string) => string | undefined, run: string, command: Run): Engine {
  const getContainer = (id: string) => ({
    inspect: async () => {
      const state = stateOf(id);
      if (!state) throw Object.assign(new Error('no such container'), { statusCode: 404 });
      const State = { Running: state !== 'exited', Paused: state === 'paused', Status: state };
      return { Name: `/server-${id[0]}`, State, Config: { Labels: { [LABEL.run]: run } } };
    },
    exec: async ({ Cmd }: { Cmd: readonly string[] }) => {
      let exitCode = 0;
      const start = async () => {
        let input = '';
        return new Duplex({
          read() {},
          write(chunk: Buffer, _encoding, next) {
            input += chunk.toString();
            next();
          },
          final(next) {
            const answered = command(id, Cmd, input);
            ({ exitCode } = answered);
            this.push(answered.stdout);
            this.push(null);
            next();
          },
        });
      };
      return { start, inspect: async () => ({ ExitCode: exitCode }) };
    },
  });
  const demuxStream = (stream: Duplex, stdout: PassThrough) => void stream.on('data', (chunk) => stdout.write(chunk));
  return { getContainer, modem: { demuxStream } } as unknown as Engine;
}
