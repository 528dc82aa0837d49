/** Two pods with one hostPort on one node, of the app's own image, which every node has. */
import { done, notYet, waitFor } from '@faultline/control';
import {
  CREATE,
  CREATE_MS,
  FAULT_LABEL,
  kubectlOf,
  refuseStrangers,
  removeOf,
  undoBy,
  type Kubectl,
} from '../kubernetes.ts';
import type { Act, Scene } from './act.ts';

const NAMES = ['faultline-host-port-0', 'faultline-host-port-1'] as const;
const IN = '--namespace=default';
const APP = 'app.kubernetes.io/name=userlist';
const APP_PORT = 8181;
/** A pod has a second to end, and its kubelet some more to say so; a busy one a minute (seen). */
const GONE_MS = 90_000;

export const hostPortAct: Act = {
  keepsDataPlane: true,

  async survey(scene) {
    const kubectl = kubectlOf(scene);
    await refuseStrangers(kubectl, 'pod', NAMES, scene.signal);
    const path = '--output=jsonpath={.items[0].spec.containers[0].image}';
    const image = await kubectl(['get', 'pods', '--all-namespaces', `--selector=${APP}`, path], scene);
    if (!image.trim()) throw new Error('no pod of the app is there, whose image the two pods would be of');
    return { image: image.trim() };
  },

  async prepare(scene, { image = '' }) {
    const { plan, signal } = scene;
    const kubectl = kubectlOf(scene);
    const heal = async () => {
      await removeOf(kubectl, 'pods', plan.id);
      await waitFor(
        'the pods of the fault are gone',
        async (until) => {
          const left = await madeBy(kubectl, plan.id, until);
          return left.length === 0 ? done(undefined) : notYet(`${left.length} left`);
        },
        { withinMs: GONE_MS, everyMs: 500 },
      );
    };
    return {
      strike: async () => {
        const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: podsFor(scene, String(image)) });
        await kubectl(CREATE, { signal, input, timeoutMs: CREATE_MS });
      },
      async prove(proveSignal) {
        const pods = await madeBy(kubectl, plan.id, proveSignal);
        const stranded = pods.filter(({ spec }) => !spec.nodeName);
        const reasons = stranded.map(reasonOf);
        const isClash = reasons.some((reason) => reason.includes('free ports'));
        const placed = pods.filter(({ spec }) => spec.nodeName).map(({ metadata }) => metadata.name);
        const detail = `placed: ${placed.join(', ') || 'none'}; pending: ${reasons.join(', ') || 'none'}`;
        return { state: pods.length === NAMES.length, effect: isClash, detail };
      },
      heal,
      async proveGone() {
        const left = await madeBy(kubectl, plan.id);
        return { state: left.length === 0, effect: null, detail: `${left.length} of its pods are left` };
      },
      [Symbol.asyncDispose]: heal,
    };
  },

  undo: (engine, intent) => undoBy(engine, intent, (kubectl) => removeOf(kubectl, 'pods', intent.fault)),
};

const podsFor = ({ plan, node }: Scene, image: string): readonly object[] =>
  NAMES.map((name) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { [FAULT_LABEL]: plan.id } },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node.name },
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'app',
          image,
          imagePullPolicy: 'IfNotPresent',
          ports: [{ containerPort: APP_PORT, hostPort: Number(plan.parameters['port']), protocol: 'TCP' }],
        },
      ],
    },
  }));

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly message?: string }[] };
}

async function madeBy(kubectl: Kubectl, fault: string, signal?: AbortSignal): Promise<readonly Pod[]> {
  const argv = ['get', 'pods', IN, `--selector=${FAULT_LABEL}=${fault}`, '--output=json'];
  return (JSON.parse(await kubectl(argv, { ...(signal && { signal }) })) as { items: readonly Pod[] }).items;
}

const reasonOf = ({ metadata, status }: Pod): string => {
  const said = status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
  return `${metadata.name} (${said ?? 'the scheduler has not said why'})`;
};
