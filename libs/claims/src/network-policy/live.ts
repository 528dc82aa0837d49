/** The truth table on a real cluster: the world as pods, and who reaches whom, asked from inside each of them. */
import { Askers } from '@faultline/probe';
import type { Asker } from '@faultline/probe/plan';
import type { KubeObject, PodPlace, Rig } from '../rig.ts';
import { NAMES, PORTS, worldOf } from './draw.ts';
import type { Cell } from './evaluate.ts';
import { podName, type World, type WorldPod } from './policy.ts';

/** What does not answer is shut: on one host an answer takes less than 10 ms. A busy one is asked again: see compare.ts. */
const PATIENCE = { times: 1, everyMs: 0, withinMs: 300 } as const;

export interface Stage extends AsyncDisposable {
  readonly world: World;
  /** Who reaches whom now. */
  look(): Promise<readonly Cell[]>;
}

/** Makes the namespaces and pods, and a program beside each pod. They are gone when the stage is disposed, or the rig is. */
export async function setStage(rig: Rig): Promise<Stage> {
  const namespaces: readonly KubeObject[] = NAMES.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ns: name } },
  }));
  await rig.apply(...namespaces);
  await rig.apply(...worldOf(() => '').pods.map((pod, index) => podOf(rig, pod, index)));
  const places = (await Promise.all(NAMES.map((name) => rig.places('--namespace', name)))).flat();
  const placeOf = (namespace: string, name: string): PodPlace => {
    const found = places.find((one) => one.name === `${namespace}-${name}`);
    if (!found) throw new Error(`pod ${namespace}/${name} is not ready`);
    return found;
  };
  const world = worldOf((namespace, name) => placeOf(namespace, name).address);
  const seats = world.pods.map((pod) => seatOf(pod, placeOf(pod.namespace, pod.name), world));
  const askers = new Askers((node) => rig.node(node).side, rig.signal, PATIENCE);
  await askers.seat(seats.map(({ asker }) => asker));
  return {
    world,
    look: () => looked(askers, seats),
    [Symbol.asyncDispose]: () => askers[Symbol.asyncDispose](),
  };
}

async function looked(askers: Askers, seats: readonly Seat[]): Promise<readonly Cell[]> {
  const answers = await askers.ask();
  const mute = answers.find(({ asked }) => asked === 0);
  if (mute) throw new Error(`${mute.from}: ${mute.detail}`);
  return seats.flatMap(({ cells }) => cells).map((cell, index) => ({ ...cell, isOpen: answers[index]?.lost === 0 }));
}

/** Two containers of the app: two ports of TCP, and one of UDP that is asked. Three pods of a namespace are on three nodes. */
function podOf(rig: Rig, { namespace, name, labels }: WorldPod, index: number): KubeObject {
  const nodes = rig.cluster.nodes.map((node) => node.name);
  const container = (at: string, port: number) => ({
    name: at,
    image: rig.app,
    imagePullPolicy: 'IfNotPresent',
    env: [
      { name: 'PORT', value: String(port) },
      { name: 'ECHO_PORT', value: String(port + 1) },
    ],
    ports: PORTS.filter((one) => one.port === port || one.port === port + 1).map((one) => ({
      name: one.name,
      containerPort: one.port,
      protocol: one.protocol,
    })),
    readinessProbe: { httpGet: { path: '/healthz', port }, periodSeconds: 1 },
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${namespace}-${name}`, namespace, labels },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': nodes[index % nodes.length] },
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      containers: [container('one', 8181), container('two', 8191)],
    },
  };
}

/** One pod's questions, and what cell of the table each is about, in the same order. */
interface Seat {
  readonly asker: Asker;
  readonly cells: readonly Omit<Cell, 'isOpen'>[];
}

function seatOf(pod: WorldPod, { node, where }: PodPlace, world: World): Seat {
  const from = podName(pod);
  const targets = world.pods
    .filter((other) => other !== pod)
    .flatMap((other) => other.ports.map((port) => ({ ...port, to: podName(other), address: other.address })));
  const asks = targets.map(({ protocol, address, port, to }) => ({
    path: 'pod-pod' as const,
    from,
    to,
    how: { kind: protocol === 'TCP' ? ('connect' as const) : ('echo' as const), address, port },
  }));
  return {
    asker: { node, vantage: { name: from, netns: `/proc/1/root${where.netns}` }, asks },
    cells: targets.map(({ to, name }) => ({ from, to, port: name })),
  };
}
