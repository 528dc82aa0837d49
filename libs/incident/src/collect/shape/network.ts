/** What is kept of Services, Ingresses and NetworkPolicies. */
import { fields, list, plain, table, type Keep } from '../keep.ts';
import { secretName, selector } from './meta.ts';

/** Which address a cluster gave out is its own affair; that it gave none is the user's. */
const clusterAddress: Keep = (value) => (value === 'None' ? value : undefined);

export const service: Keep = fields({
  type: plain,
  clusterIP: clusterAddress,
  ports: list(
    fields({ name: plain, protocol: plain, port: plain, targetPort: plain, nodePort: plain, appProtocol: plain }),
  ),
  selector: table(plain),
  externalTrafficPolicy: plain,
  internalTrafficPolicy: plain,
  sessionAffinity: plain,
  sessionAffinityConfig: fields({ clientIP: fields({ timeoutSeconds: plain }) }),
  loadBalancerClass: plain,
  loadBalancerIP: plain,
  loadBalancerSourceRanges: list(plain),
  externalIPs: list(plain),
  externalName: plain,
  allocateLoadBalancerNodePorts: plain,
  publishNotReadyAddresses: plain,
});

const backend = fields({ service: fields({ name: plain, port: fields({ name: plain, number: plain }) }) });

export const ingress: Keep = fields({
  ingressClassName: plain,
  defaultBackend: backend,
  rules: list(
    fields({ host: plain, http: fields({ paths: list(fields({ path: plain, pathType: plain, backend })) }) }),
  ),
  tls: list(fields({ hosts: list(plain), secretName })),
});

const ports = list(fields({ port: plain, endPort: plain, protocol: plain }));
const peers = list(
  fields({
    podSelector: selector,
    namespaceSelector: selector,
    ipBlock: fields({ cidr: plain, except: list(plain) }),
  }),
);

export const networkPolicy: Keep = fields({
  podSelector: selector,
  policyTypes: list(plain),
  ingress: list(fields({ ports, from: peers })),
  egress: list(fields({ ports, to: peers })),
});
