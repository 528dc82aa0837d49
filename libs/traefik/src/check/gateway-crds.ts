/** Definitions of the Gateway API that somebody else owns. */
import { toChart, type Check } from '../check.ts';
import { isRecord, type Manifest } from '../documents.ts';

/** What is in the standard channel, as the chart brings it. */
const THEIRS = ['gatewayclasses', 'gateways', 'grpcroutes', 'httproutes', 'referencegrants'].map(
  (plural) => `${plural}.gateway.networking.k8s.io`,
);

export const gatewayCrds: Check = {
  id: 'gateway-crds',
  severity: 'breaks',
  title: "Gateway API definitions of one's own stop the CRD chart",
  since: 'chart 34 (k3s v1.32.2)',
  isCrossed: toChart(34),
  sources: [
    'k3s-charts traefik-crd-27.0.201+up27.0.2 templates (none of them)',
    'k3s-charts traefik-crd-34.2.1+up34.2.0 templates/gateway-standard-install.yaml',
    'helm pkg/action/validate.go (checkOwnership)',
  ],
  kinds: ['CustomResourceDefinition'],
  explanation:
    'The chart `traefik-crd` brings the definitions of the Gateway API (standard channel). Helm takes over nothing that it ' +
    'did not make: where they are there already, its job fails with "cannot be imported into the current release", again ' +
    'and again, and the CRDs of Traefik stay those of version 2. Either give them to the release before the upgrade, by ' +
    'label `app.kubernetes.io/managed-by: Helm` and annotations `meta.helm.sh/release-name: traefik-crd` and ' +
    '`meta.helm.sh/release-namespace: kube-system`, or keep the bundled Traefik out (`--disable traefik`).',
  row: 'G36-gateway-crds',
  look: (manifest) =>
    THEIRS.includes(manifest.object.name) && !isHelms(manifest)
      ? [
          {
            tree: manifest.tree,
            path: ['metadata', 'name'],
            at: 'value',
            message: `chart traefik-crd brings ${manifest.object.name}: its job fails where somebody else made it.`,
            advice:
              'Label it app.kubernetes.io/managed-by: Helm, and annotate it meta.helm.sh/release-name: traefik-crd and ' +
              'meta.helm.sh/release-namespace: kube-system.',
            edits: [],
          },
        ]
      : [],
};

function isHelms({ tree }: Manifest): boolean {
  const labels = tree.get(['metadata', 'labels']);
  const annotations = tree.get(['metadata', 'annotations']);
  return (
    isRecord(labels) &&
    isRecord(annotations) &&
    labels['app.kubernetes.io/managed-by'] === 'Helm' &&
    annotations['meta.helm.sh/release-name'] === 'traefik-crd'
  );
}
