/** What is kept of what runs in pods: its shape. Neither images nor commands, environment, volumes. */
import { fields, list, location, plain, table, type Keep } from '../keep.ts';
import { selector } from './meta.ts';

const probe: Keep = fields({
  httpGet: fields({ path: location, port: plain, scheme: plain }),
  tcpSocket: fields({ port: plain }),
  grpc: fields({ port: plain }),
  initialDelaySeconds: plain,
  periodSeconds: plain,
  timeoutSeconds: plain,
  successThreshold: plain,
  failureThreshold: plain,
});

const container: Keep = fields({
  name: plain,
  ports: list(fields({ name: plain, containerPort: plain, hostPort: plain, protocol: plain })),
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
});

const expressions = list(fields({ key: plain, operator: plain, values: list(plain) }));
const nodeTerm = fields({ matchExpressions: expressions, matchFields: expressions });
const podTerm = fields({
  labelSelector: selector,
  namespaceSelector: selector,
  namespaces: list(plain),
  topologyKey: plain,
  matchLabelKeys: list(plain),
});
const podAffinity = fields({
  requiredDuringSchedulingIgnoredDuringExecution: list(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list(fields({ weight: plain, podAffinityTerm: podTerm })),
});

export const affinity: Keep = fields({
  nodeAffinity: fields({
    requiredDuringSchedulingIgnoredDuringExecution: fields({ nodeSelectorTerms: list(nodeTerm) }),
    preferredDuringSchedulingIgnoredDuringExecution: list(fields({ weight: plain, preference: nodeTerm })),
  }),
  podAffinity,
  podAntiAffinity: podAffinity,
});

export const tolerations: Keep = list(
  fields({ key: plain, operator: plain, value: plain, effect: plain, tolerationSeconds: plain }),
);

export const spread: Keep = list(
  fields({
    maxSkew: plain,
    minDomains: plain,
    topologyKey: plain,
    whenUnsatisfiable: plain,
    labelSelector: selector,
    matchLabelKeys: list(plain),
    nodeAffinityPolicy: plain,
    nodeTaintsPolicy: plain,
  }),
);

const template: Keep = fields({
  metadata: fields({ labels: table(plain) }),
  spec: fields({
    nodeSelector: table(plain),
    nodeName: plain,
    affinity,
    tolerations,
    topologySpreadConstraints: spread,
    hostNetwork: plain,
    terminationGracePeriodSeconds: plain,
    containers: list(container),
  }),
});

const rolling = fields({
  type: plain,
  rollingUpdate: fields({ maxSurge: plain, maxUnavailable: plain, partition: plain }),
});

export const workload: Keep = fields({
  replicas: plain,
  selector,
  minReadySeconds: plain,
  strategy: rolling,
  updateStrategy: rolling,
  podManagementPolicy: plain,
  serviceName: plain,
  template,
});

export const disruptionBudget: Keep = fields({ minAvailable: plain, maxUnavailable: plain, selector });
