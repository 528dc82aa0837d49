/** helm as k3s ships it: a pod of the image that installs its charts, beside the charts that the server serves. */
import type { KubeObject, Rig } from '../rig.ts';

const CHARTS = '/var/lib/rancher/k3s/server/static/charts';
const POD = 'helm';
const NAMESPACE = 'claims-helm';

export interface Rendered {
  readonly ok: boolean;
  readonly text: string;
  /** e.g. `traefik-34.2.1+up34.2.0`. */
  readonly chart: string;
}

/** What the chart makes of these values; where it refuses them, what it says. */
export async function render(rig: Rig, values: Readonly<Record<string, unknown>>): Promise<Rendered> {
  const { file, image } = await atHand(rig);
  await ready(rig, image);
  const inPod = ['kubectl', 'exec', '--stdin', POD, `--namespace=${NAMESPACE}`, '--'];
  const words = ['template', 'traefik', `/charts/${file}`, '--namespace=kube-system', '--values=-'];
  const options = { signal: rig.signal, accept: 'any', input: JSON.stringify(values) } as const;
  const chart = file.replace('.tgz', '');
  // The image has called it one or the other.
  for (const helm of ['helm', 'helm_v3']) {
    const { exitCode, stdout, stderr } = await rig.server.exec([...inPod, helm, ...words], options);
    if (/executable file not found/.test(stderr)) continue;
    // No word about the values.
    if (/path "[^"]*" not found/.test(stderr)) throw new Error(stderr.trim());
    return { ok: exitCode === 0, text: exitCode === 0 ? stdout : stderr, chart };
  }
  throw new Error(`neither helm nor helm_v3 in ${image}`);
}

async function atHand(rig: Rig): Promise<{ file: string; image: string }> {
  const { stdout: files } = await rig.server.exec(['ls', CHARTS], { signal: rig.signal });
  const file = files.split('\n').find((name) => /^traefik-\d/.test(name));
  const { stdout: images } = await rig.server.exec(['crictl', 'images', '--output=json'], { signal: rig.signal });
  const { images: all } = JSON.parse(images) as { images: readonly { repoTags?: readonly string[] }[] };
  const image = all.flatMap(({ repoTags }) => repoTags ?? []).find((tag) => tag.includes('klipper-helm'));
  if (!file || !image) throw new Error(`no chart of Traefik in ${files.trim()}, or no klipper-helm among the images`);
  return { file, image };
}

/** One pod for all questions: it goes with its cluster. */
async function ready(rig: Rig, image: string): Promise<void> {
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD, namespace: NAMESPACE },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': rig.server.name },
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      // The server's folders are root's alone, and the image would run as another.
      securityContext: { runAsUser: 0 },
      containers: [
        {
          name: POD,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sleep', '86400'],
          volumeMounts: [{ name: 'charts', mountPath: '/charts', readOnly: true }],
        },
      ],
      volumes: [{ name: 'charts', hostPath: { path: CHARTS } }],
    },
  };
  await rig.said('create', 'namespace', NAMESPACE);
  const options = { signal: rig.signal, accept: 'any', input: JSON.stringify(pod) } as const;
  // A namespace has its service account a moment later than itself, and without that no pod is taken.
  const apply = () => rig.server.exec(['kubectl', 'apply', '-f', '-'], options);
  await rig.until('the pod of helm is taken', 20_000, apply, ({ exitCode }) => exitCode === 0);
  await rig.kubectl('wait', '--for=condition=Ready', `pod/${POD}`, `--namespace=${NAMESPACE}`, '--timeout=25s');
}
