/** The truth table on a real cluster: the world as pods, and who reaches whom, asked from inside each of them. */
import { createInterface } from 'node:readline';
import { onAll, type Running } from '@faultline/control';
import type { KubeObject, PodPlace, Rig } from '../rig.ts';
import { ASK_PROGRAM, SILENT_MS, type Target } from './ask-program.ts';
import { NAMES, PORTS, worldOf } from './draw.ts';
import type { Cell } from './evaluate.ts';
import { podName, type World, type WorldPod } from './policy.ts';

/** A list of 24 targets, the last of which is silent, takes 0.3 s; a host that is busy takes longer. */
const TOLD_WITHIN_MS = 8000;

export interface Stage extends AsyncDisposable {
  readonly world: World;
  /** Who reaches whom now. */
  look(): Promise<readonly Cell[]>;
}

interface Asker {
  readonly pod: WorldPod;
  readonly targets: readonly (Target & { readonly to: string; readonly name: string })[];
  ask(): Promise<readonly boolean[]>;
}

/** Makes the namespaces and pods, and a program beside each pod. They are gone when the stage is disposed, or the rig is. */
export async function setStage(rig: Rig): Promise<Stage> {
  const namespaces: readonly KubeObject[] = NAMES.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ns: name } },
  }));
  await rig.apply(...namespaces);
  const labels = worldOf(() => '').pods;
  await rig.apply(...labels.map((pod, index) => podOf(rig, pod, index)));
  const places = (await Promise.all(NAMES.map((name) => rig.places('--namespace', name)))).flat();
  const placeOf = (namespace: string, name: string) => places.find((one) => one.name === `${namespace}-${name}`);
  const world = worldOf((namespace, name) => placeOf(namespace, name)?.address ?? '');
  await using undo = new AsyncDisposableStack();
  const askers = await onAll(
    world.pods.map((pod) => ({ name: podName(pod), pod })),
    async ({ pod }) => {
      const place = placeOf(pod.namespace, pod.name);
      if (!place) throw new Error(`pod ${podName(pod)} is not ready`);
      return await seat(rig, pod, place, world, undo);
    },
  );
  const kept = undo.move();
  return {
    world,
    look: async () =>
      (
        await onAll(
          askers.map((asker) => ({ name: podName(asker.pod), asker })),
          ({ asker }) => cellsOf(asker),
        )
      ).flat(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
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

async function seat(
  rig: Rig,
  pod: WorldPod,
  { where }: PodPlace,
  world: World,
  undo: AsyncDisposableStack,
): Promise<Asker> {
  const targets = world.pods
    .filter((other) => other !== pod)
    .flatMap((other) =>
      other.ports.map(({ protocol, port, name }) => ({
        protocol,
        address: other.address,
        port,
        name,
        to: podName(other),
      })),
    );
  const argv = ['nsenter', `--net=/proc/1/root${where.netns}`, '--', 'node', '-e', ASK_PROGRAM, String(SILENT_MS)];
  const running = undo.use(await where.at.start(argv, { signal: rig.signal }));
  const order = `${JSON.stringify(targets.map(({ protocol, address, port }) => ({ protocol, address, port })))}\n`;
  const lines = createInterface({ input: running.stdout });
  return { pod, targets, ask: () => told(running, lines, order, rig.signal) };
}

function told(
  running: Running,
  lines: ReturnType<typeof createInterface>,
  order: string,
  signal: AbortSignal,
): Promise<readonly boolean[]> {
  const late = AbortSignal.any([signal, AbortSignal.timeout(TOLD_WITHIN_MS)]);
  const answer = new Promise<readonly boolean[]>((resolve, reject) => {
    const onLine = (line: string) => resolve(JSON.parse(line) as readonly boolean[]);
    lines.once('line', onLine);
    const give = () => {
      lines.off('line', onLine);
      reject(new Error(`a pod's program said nothing within ${TOLD_WITHIN_MS / 1000} s`));
    };
    late.addEventListener('abort', give, { once: true });
  });
  running.stdin.write(order);
  return answer;
}

async function cellsOf({ pod, targets, ask }: Asker): Promise<readonly Cell[]> {
  const answers = await ask();
  return targets.map(({ to, name }, index) => ({
    from: podName(pod),
    to,
    port: name,
    isOpen: answers[index] ?? false,
  }));
}
