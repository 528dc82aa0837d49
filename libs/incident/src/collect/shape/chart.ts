/** What is kept of the values that somebody gave to Traefik's chart. */
import { parse, stringify } from 'yaml';
import { isSecretName, secretIn } from '../../secret/pattern.ts';
import { dropped, fields, isTable, list, outline, plain, table, tree, WHY, type At, type Keep } from '../keep.ts';
import { annotations } from './meta.ts';
import { affinity, spread, tolerations } from './workload.ts';

/** `--api.insecure=true`: unless its name or its value may be a secret. */
const argument: Keep = (value, at) => {
  if (typeof value !== 'string') return at.omissions.add(at, WHY.unknown);
  const [name = '', said] = value.split(/=(.*)/s, 2);
  if (isSecretName(name)) return at.omissions.add(at, WHY.name);
  if (said === undefined || !/(?:address|endpoint|url|email|header|storage)/i.test(name)) return plain(value, at);
  const isBound = /^:?\d+(?:\/(?:tcp|udp))?$/.test(said);
  return isBound ? plain(value, at) : at.omissions.add(at, WHY.value);
};

/** An Ingress controller as somebody laid it out. What runs beside it, what it mounts and what it is told in secret is not. */
const KNOWN: Readonly<Record<string, Keep>> = {
  additionalArguments: list(argument),
  globalArguments: list(argument),
  affinity,
  autoscaling: fields({ enabled: plain, minReplicas: plain, maxReplicas: plain }),
  core: tree,
  deployment: fields({
    enabled: plain,
    kind: plain,
    replicas: plain,
    minReadySeconds: plain,
    terminationGracePeriodSeconds: plain,
    dnsPolicy: plain,
  }),
  experimental: (value, at) => outline(value, at),
  gateway: tree,
  gatewayClass: tree,
  hostNetwork: plain,
  ingressClass: tree,
  ingressRoute: tree,
  logs: fields({
    general: fields({ level: plain, format: plain }),
    access: fields({ enabled: plain, format: plain, bufferingSize: plain }),
  }),
  nodeSelector: table(plain),
  podDisruptionBudget: tree,
  ports: tree,
  priorityClassName: plain,
  providers: tree,
  service: (value, at) =>
    fields({
      enabled: plain,
      single: plain,
      type: plain,
      annotations: (inner, where) => annotations(inner, where),
      spec: tree,
      loadBalancerSourceRanges: list(plain),
      externalIPs: list(plain),
      ipFamilyPolicy: plain,
      ipFamilies: list(plain),
    })(value, at),
  tlsOptions: tree,
  tolerations,
  topologySpreadConstraints: spread,
  updateStrategy: tree,
};

const DROPPED = [
  'additionalVolumeMounts',
  'env',
  'envFrom',
  'extraObjects',
  'hub',
  'image',
  'imagePullSecrets',
  'podSecurityContext',
  'securityContext',
  'tlsStore',
  'volumes',
];

const values: Keep = (value, at) => {
  if (!isTable(value)) return undefined;
  const others = Object.keys(value).filter((key) => !(key in KNOWN) && secretIn(key) === undefined);
  const none = dropped('it may hold anything');
  return fields({
    ...KNOWN,
    // A value that no chart knows, or that the next one has renamed, may be the incident: that it is there is kept.
    ...Object.fromEntries(others.map((key) => [key, isSecretName(key) || DROPPED.includes(key) ? none : outline])),
  })(value, at);
};

/** Values are YAML in YAML. What cannot be read is not kept: nobody could say what stands in it. */
const content: Keep = (value, at) => {
  const read = parsed(value, at);
  const kept = read === undefined ? undefined : values(read, { ...at, path: 'valuesContent' });
  return kept === undefined ? undefined : stringify(kept, { lineWidth: 0 });
};

function parsed(value: unknown, at: At): unknown {
  try {
    return typeof value === 'string' ? (parse(value) as unknown) : at.omissions.add(at, WHY.unknown);
  } catch {
    return at.omissions.add(at, 'values that are no YAML');
  }
}

export const chartConfig: Keep = fields({ valuesContent: content, failurePolicy: plain });
