/**
 * The Traefik of the new release, beside the old one: told what k3s' chart tells it, behind ports of its own, reading the very
 * same objects and writing nothing. Not by the chart: Helm would take the old one's CRDs for its own.
 */
import { done, notYet, waitFor } from '@faultline/control';
import type { Kubectl } from './corpus/kube.ts';

const NAMESPACE = 'faultline-beside';
const NAME = 'traefik-beside';

/** Of every node. */
export const BESIDE_PORTS = { http: 30090, https: 30443 } as const;

const READY_WITHIN_MS = 90_000;

/** Kinds of Traefik 3 that the CRDs of Traefik 2 lack: without them it would wait for ever, and read no other either. */
const NEW_KINDS = [{ kind: 'ServersTransportTCP', plural: 'serverstransporttcps' }] as const;

/** What the chart of k3s gives the pod, as far as it is about routing. */
const ARGUMENTS = [
  '--entryPoints.web.address=:8000/tcp',
  '--entryPoints.websecure.address=:8443/tcp',
  '--entryPoints.websecure.http.tls=true',
  '--entryPoints.traefik.address=:8080/tcp',
  '--entryPoints.metrics.address=:9100/tcp',
  '--api.dashboard=true',
  '--ping=true',
  '--providers.kubernetescrd',
  '--providers.kubernetescrd.allowEmptyServices=true',
  '--providers.kubernetesingress',
  '--providers.kubernetesingress.allowEmptyServices=true',
  '--log.level=INFO',
];

/**
 * Installs it, and returns when it is ready. Disposing removes it with all that it brought: an upgrade must not meet a CRD
 * that Helm does not know.
 * @param traefik `3.3.6`
 * @throws DeadlineError
 */
export async function installBeside(kubectl: Kubectl, traefik: string, signal: AbortSignal): Promise<AsyncDisposable> {
  await using undo = new AsyncDisposableStack();
  const lacking = await lackingKinds(kubectl);
  const objects = [...lacking.map(definition), ...manifests(traefik)];
  undo.defer(() => remove(kubectl, lacking));
  for (const object of objects) await kubectl.own(object);
  await waitFor(
    `Traefik ${traefik} beside the old one is ready`,
    async () => {
      const words = ['deployment', NAME, `--namespace=${NAMESPACE}`];
      const { status } = await kubectl.read<{ status?: { readyReplicas?: number } }>(...words);
      return status?.readyReplicas ? done(undefined) : notYet(await whyNot(kubectl));
    },
    { signal, withinMs: READY_WITHIN_MS, everyMs: 1_000 },
  );
  return undo.move();
}

async function whyNot(kubectl: Kubectl): Promise<string> {
  const template = '{range .items[*].status.containerStatuses[*]}{.state}{end}';
  return (
    (await kubectl.run('get', 'pods', `--namespace=${NAMESPACE}`, `--output=jsonpath=${template}`)) || 'no pod yet'
  );
}

async function lackingKinds(kubectl: Kubectl): Promise<readonly (typeof NEW_KINDS)[number][]> {
  const there = await kubectl.run('get', 'crd', '--output=name');
  return NEW_KINDS.filter(({ plural }) => !there.includes(`${plural}.traefik.io`));
}

async function remove(kubectl: Kubectl, kinds: readonly (typeof NEW_KINDS)[number][]): Promise<void> {
  const names = [
    `namespace/${NAMESPACE}`,
    `clusterrole/${NAME}`,
    `clusterrolebinding/${NAME}`,
    ...kinds.map(({ plural }) => `crd/${plural}.traefik.io`),
  ];
  await kubectl.run('delete', ...names, '--ignore-not-found', '--timeout=45s');
}

function definition({ kind, plural }: (typeof NEW_KINDS)[number]): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.traefik.io` },
    spec: {
      group: 'traefik.io',
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [{ name: 'v1alpha1', served: true, storage: true, schema }],
    },
  };
}

function manifests(traefik: string): readonly object[] {
  const metadata = { name: NAME, namespace: NAMESPACE };
  const labels = { app: NAME };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    // It may read everything, and write nothing: not even the status of an Ingress.
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: NAME },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'NodePort',
        selector: labels,
        ports: [
          { name: 'web', port: 80, targetPort: 8000, nodePort: BESIDE_PORTS.http },
          { name: 'websecure', port: 443, targetPort: 8443, nodePort: BESIDE_PORTS.https },
        ],
      },
    },
    deployment(traefik, labels),
  ];
}

function deployment(traefik: string, labels: Readonly<Record<string, string>>): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: NAME,
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'traefik',
              image: `rancher/mirrored-library-traefik:${traefik}`,
              imagePullPolicy: 'IfNotPresent',
              args: ARGUMENTS,
              readinessProbe: { httpGet: { path: '/ping', port: 8080 }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  };
}
