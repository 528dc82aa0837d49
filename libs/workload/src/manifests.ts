/** The Kubernetes objects of a workload, as plain data. */
import { checkWorkload, isOurs } from './check.ts';
import { APP_PORT, ECHO_PORT, type WorkloadSpec } from './spec.ts';

export const NAMESPACE = 'default';
/** Name of the Deployment, the Service and the Ingress. */
export const NAME = 'userlist';
/** Name of the Service for UDP. */
export const ECHO_NAME: string = `${NAME}-echo`;
export const APP_LABEL: Readonly<Record<string, string>> = { 'app.kubernetes.io/name': NAME };

/** A Kubernetes object, as it is applied. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Of an EndpointSlice, which has no spec. */
  readonly addressType?: string;
  readonly endpoints?: readonly Readonly<Record<string, unknown>>[];
  readonly ports?: readonly Readonly<Record<string, unknown>>[];
}

export interface Manifests {
  readonly deployment: Manifest;
  readonly service: Manifest;
  readonly ingress: Manifest;
  /** Present where UDP is wanted. */
  readonly echo?: Manifest;
}

export interface Wanted {
  /** A Service for UDP of its own beside the Ingress', with the annotations by which it gets the same address. */
  readonly echo?: { readonly annotations: Readonly<Record<string, string>> };
}

/** @throws WorkloadSpecError */
export function planWorkload(spec: WorkloadSpec, { echo }: Wanted = {}): Manifests {
  checkWorkload(spec);
  return {
    deployment: deployment(spec),
    service: service(),
    ingress: ingress(spec),
    ...(echo && { echo: echoService(echo.annotations) }),
  };
}

const metadata = {
  name: NAME,
  namespace: NAMESPACE,
  labels: { ...APP_LABEL, 'app.kubernetes.io/managed-by': 'faultline' },
};

function deployment({ app, replicas, place }: WorkloadSpec): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas,
      selector: { matchLabels: APP_LABEL },
      template: {
        metadata: { labels: APP_LABEL },
        spec: {
          ...PLACES[place],
          // Longer than the app drains and finishes: it is the app that ends its connections, and not the kubelet.
          terminationGracePeriodSeconds: 15,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          ...(isOurs(app) && { securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532 } }),
          containers: [container(app)],
        },
      },
    },
  };
}

/**
 * Exactly replicas / nodes on every node. A dead node is tainted, and then counts no more: else its pods could never be
 * placed elsewhere, because elsewhere there would always be too many already.
 */
const spread = {
  maxSkew: 1,
  topologyKey: 'kubernetes.io/hostname',
  whenUnsatisfiable: 'DoNotSchedule',
  nodeTaintsPolicy: 'Honor',
  labelSelector: { matchLabels: APP_LABEL },
  // A rolling update spreads the new pods among themselves.
  matchLabelKeys: ['pod-template-hash'],
};

const PLACES: Readonly<Record<WorkloadSpec['place'], Readonly<Record<string, unknown>>>> = {
  spread: { topologySpreadConstraints: [spread] },
  servers: { nodeSelector: { 'node-role.kubernetes.io/control-plane': 'true' } },
};

function container(app: string): Readonly<Record<string, unknown>> {
  return {
    name: NAME,
    image: app,
    imagePullPolicy: 'IfNotPresent',
    ports: [
      { name: 'http', containerPort: APP_PORT, protocol: 'TCP' },
      { name: 'echo', containerPort: ECHO_PORT, protocol: 'UDP' },
    ],
    env: [fromField('POD_NAME', 'metadata.name'), fromField('NODE_NAME', 'spec.nodeName'), drain],
    readinessProbe: {
      ...(isOurs(app) ? { httpGet: { path: '/healthz', port: 'http' } } : { tcpSocket: { port: 'http' } }),
      periodSeconds: 1,
    },
    // What it needs is small; no limit on CPU, for a throttled app would be measured as a slow network.
    ...(isOurs(app) && {
      resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
      securityContext: {
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      },
    }),
  };
}

/** Traefik takes 2 s to hear that a pod leaves, more where cores are few. Until then the pod answers what it is still sent. */
const drain = { name: 'DRAIN_MS', value: '5000' };

function fromField(name: string, fieldPath: string): Readonly<Record<string, unknown>> {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

function service(): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: APP_LABEL, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  };
}

/** The Service for UDP. Which one is to be removed, its name alone says. */
export function echoService(annotations: Readonly<Record<string, string>> = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, name: ECHO_NAME, annotations },
    spec: {
      type: 'LoadBalancer',
      selector: APP_LABEL,
      ports: [{ name: 'echo', port: ECHO_PORT, protocol: 'UDP', targetPort: 'echo' }],
    },
  };
}

function ingress({ host }: WorkloadSpec): Manifest {
  const backend = { service: { name: NAME, port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: {
      ingressClassName: 'traefik',
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  };
}
