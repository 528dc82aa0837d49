/** A NetworkPolicy (networking.k8s.io/v1), and the world that it is about: data. */

export type Labels = Readonly<Record<string, string>>;

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** Empty: everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly Requirement[];
}

export interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** Either an ipBlock, or one of the selectors, or both of them: then both must match. */
export interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: IpBlock;
}

export type Protocol = 'TCP' | 'UDP';

export interface PolicyPort {
  readonly protocol?: Protocol;
  /** A number, or the name that the destination's pod gives to one. */
  readonly port?: number | string;
  /** The last of a range that begins with `port`. */
  readonly endPort?: number;
}

export interface IngressRule {
  readonly from?: readonly Peer[];
  readonly ports?: readonly PolicyPort[];
}

export interface EgressRule {
  readonly to?: readonly Peer[];
  readonly ports?: readonly PolicyPort[];
}

export interface PolicySpec {
  readonly podSelector: LabelSelector;
  readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly IngressRule[];
  readonly egress?: readonly EgressRule[];
}

export interface NetworkPolicy {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: PolicySpec;
}

export interface WorldNamespace {
  readonly name: string;
  readonly labels: Labels;
}

export interface WorldPort {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface WorldPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly address: string;
  readonly ports: readonly WorldPort[];
}

export interface World {
  readonly namespaces: readonly WorldNamespace[];
  readonly pods: readonly WorldPod[];
}

export const policyOf = (namespace: string, name: string, spec: PolicySpec): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});

/** `x/a`. */
export const podName = ({ namespace, name }: Pick<WorldPod, 'namespace' | 'name'>): string => `${namespace}/${name}`;
