/** Traefik's container is started again while its pod cannot reach the API. */
import { throughIngress, type Rig } from '@faultline/claims';
import { question, type Question } from './question.ts';

const TABLE = 'inet faultline_no_api';
const WATCHED = 10;

interface TraefikPod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly containerID: string; readonly ready: boolean }[];
  };
}

export const readyWithoutRoutes: Question = question({
  name: 'ready-without-routes',
  here: true,
  control: false,
  ask: async (rig: Rig, isCutOff: boolean) => {
    const before = await throughIngress(rig, undefined, { isSo: ({ status }) => status === '200', withinMs: 30_000 });
    if (before.status !== '200') throw new Error(`the app is ${before.status} before anything was done`);
    const pod = await traefik(rig);
    if (isCutOff) await cutPodsFromApi(rig, pod.spec.nodeName);
    await startAgain(rig, pod);
    const answers = await answersFor(rig, WATCHED);
    const saw = `Ready again, and for ${WATCHED} s the app's host answered ${[...new Set(answers)].join(', ')}`;
    return { holds: answers.every((status) => status === '404'), saw };
  },
});

async function traefik(rig: Rig): Promise<TraefikPod> {
  const select = '--selector=app.kubernetes.io/name=traefik';
  const [pod] = await rig.list<TraefikPod>('pods', '--namespace=kube-system', select);
  if (!pod) throw new Error('no pod of Traefik');
  return pod;
}

/**
 * What pods of this node send to an API server is dropped, after kube-proxy has chosen one. The node's own processes are
 * not concerned: kubelet says as before what is Ready.
 */
async function cutPodsFromApi(rig: Rig, node: string): Promise<void> {
  const at = { at: rig.node(node).side };
  rig.defer(async () => {
    await rig.exec(at, ['nft', '-f', '-'], `table ${TABLE}\ndelete table ${TABLE}\n`);
    // The next question finds the cluster as this one did.
    await throughIngress(rig, undefined, { isSo: ({ status }) => status === '200', withinMs: 60_000 });
  });
  const hook = 'type filter hook prerouting priority -50; policy accept;';
  const rules = `table ${TABLE} {\n chain pods {\n ${hook}\n iifname "cni0" tcp dport 6443 drop\n }\n}\n`;
  await rig.exec(at, ['nft', '-f', '-'], rules);
}

/** Returns when another container of the pod is ready. */
async function startAgain(rig: Rig, { spec, status }: TraefikPod): Promise<void> {
  const id = status.containerStatuses?.[0]?.containerID ?? '';
  const argv = ['crictl', 'stop', '--timeout', '5', id.replace('containerd://', '')];
  await rig.node(spec.nodeName).exec(argv, { signal: rig.signal });
  await rig.until(
    'another container of Traefik is ready',
    90_000,
    async () => (await traefik(rig)).status,
    ({ conditions, containerStatuses }) =>
      containerStatuses?.[0]?.containerID !== id &&
      containerStatuses?.[0]?.ready === true &&
      (conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false),
  );
}

async function answersFor(rig: Rig, seconds: number): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let second = 0; second < seconds; second++) {
    const { status } = await throughIngress(rig, undefined, { isSo: () => true });
    answers.push(status);
    await rig.watch(1000);
  }
  return answers;
}
