/** ServiceLB: names, addresses, taken ports. */
import { clusterClaim, seen, type Claim } from '../claim.ts';
import type { KubeObject, Rig } from '../rig.ts';

const PREFIX = 'svccontroller.k3s.cattle.io';

interface Named {
  readonly metadata: { readonly name: string; readonly uid: string };
}

/** The DaemonSet's pods of a Service, as ServiceLB labels them. */
const podsOf = (rig: Rig, service: string): Promise<readonly Named[]> =>
  rig.list<Named>('pods', '--namespace=kube-system', `--selector=${PREFIX}/svcname=${service}`);

/** In front of the app that the cluster was booted with. */
export const balanced = (name: string, port: number, spec: Readonly<Record<string, unknown>> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: {
    type: 'LoadBalancer',
    selector: { 'app.kubernetes.io/name': 'userlist' },
    ports: [{ name: 'http', port, targetPort: 8181 }],
    ...spec,
  },
});

export const addressesOf = async (rig: Rig, service: string, namespace = 'default'): Promise<readonly string[]> => {
  const path = 'jsonpath={.status.loadBalancer.ingress[*].ip}';
  const text = await rig.kubectl('get', 'service', service, '--namespace', namespace, '--output', path);
  return text.split(' ').filter(Boolean).toSorted();
};

export const serviceLb: readonly Claim[] = [
  clusterClaim({
    id: 'A22',
    sentence: 'The pods of ServiceLB have names that begin with svc-.',
    stands: ['S1', 'How ServiceLB works'],
    predicted: ['false', 'svclb-<Service>-<begin of its uid>-<pod>'],
    setUp: 'default',
    here: { is: 'the prefix svc-', of: /^svc-/ },
    twin: {
      is: 'the prefix svclb-traefik-, with the begin of the uid',
      shows: 'control',
      of: /^svclb-traefik-[0-9a-f]{8}-/,
    },
    ask: async (rig: Rig, pattern: RegExp) => {
      const names = (await podsOf(rig, 'traefik')).map(({ metadata }) => metadata.name);
      const fit = names.filter((name) => pattern.test(name));
      return seen(
        names.length > 0 && fit.length === names.length,
        `${fit.length} of ${names.length}: ${names.join(', ')}`,
      );
    },
  }),
];
